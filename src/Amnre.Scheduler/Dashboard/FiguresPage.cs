using Amnre.Jobs.Views;

namespace Amnre.Scheduler.Dashboard;

/// <summary>The figures of an experiment, side by side.</summary>
internal static class FiguresPage
{
    public const int Most = 200;
    public static readonly string[] Types = ["corner", "calibration", "consistency", "loss", "roc", "error"];

    /// <param name="experiment">Whose figures.</param>
    /// <param name="figures">Those to show.</param>
    /// <param name="type">The only type to show; null for all.</param>
    public static Html Render(ExperimentSummary experiment, IReadOnlyList<FigureFile> figures, string? type)
    {
        var address = ExperimentFrame.Address(experiment, "/figures");
        return ExperimentFrame.Page(experiment, "/figures", Html.Of(
            $"""
            <p class="choices"><a href="{address}"{Layout.Current(type is null)}>all</a>{Types.Select(one => Html.Of($"""<a href="{address}?type={one}"{Layout.Current(one == type)}>{one}</a>"""))}</p>
            {(figures.Count == 0 ? Html.Of($"""<p class="empty" data-key="empty">No figure {(type is null ? "" : "of this type ")}is drawn yet. They come last: when the evaluations that they show are done.</p>""")
                : Html.Of($"""<div class="figures" data-key="figures">{figures.Select(Figure)}</div>"""))}
            """));
    }

    public static Html Figure(FigureFile figure) => Html.Of(
        $"""
        <figure data-key="f{figure.Token}-{figure.Name}"><a href="{ArtifactFile.Address(figure.Token, figure.Name)}"><img loading="lazy" src="{ArtifactFile.Address(figure.Token, figure.Name)}" alt="{figure.Type} figure of {figure.JobName}"></a>
        <figcaption><a href="/jobs/{figure.Job}">{figure.JobName}</a> <span class="quiet">{figure.Name}</span></figcaption></figure>
        """);
}
