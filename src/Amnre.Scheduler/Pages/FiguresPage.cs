using Amnre.Jobs.Views;
using Amnre.Scheduler.Markup;

namespace Amnre.Scheduler.Pages;

/// <summary>The figures of an experiment, side by side.</summary>
internal static class FiguresPage
{
    public const int Most = 200, MostRuns = 500;
    public static readonly string[] Types = ["corner", "calibration", "consistency", "loss", "roc", "error"];

    /// <param name="experiment">Whose figures.</param>
    /// <param name="figures">Those to show.</param>
    /// <param name="runs">Trainings that figures show.</param>
    /// <param name="type">The only type to show; null for all.</param>
    /// <param name="run">The only training of which to show figures; null for all.</param>
    public static Page Render(ExperimentSummary experiment, IReadOnlyList<FigureFile> figures, IReadOnlyList<(long Id, string Name)> runs,
        string? type, long? run)
    {
        var path = ExperimentFrame.Address(experiment, "/figures");
        string Address(string? wanted) =>
            $"{path}?{string.Join('&', new[] { wanted is null ? null : $"type={wanted}", run is null ? null : $"run={run}" }.OfType<string>())}".TrimEnd('?');
        return ExperimentFrame.Page(experiment, "/figures", Html.Of(
            $"""
            <p class="choices"><a href="{Address(null)}"{Layout.Current(type is null)}>all</a>{Types.Select(one => Html.Of($"""<a href="{Address(one)}"{Layout.Current(one == type)}>{one}</a>"""))}</p>
            {(runs.Count == 0 ? Html.None : Html.Of(
                $"""
                <form class="filters" method="get" action="{path}" data-key="form">{(type is null ? Html.None : Html.Of($"""<input type="hidden" name="type" value="{type}">"""))}
                <label>Of the training <select name="run"><option value="">any</option>{runs.Select(one => Html.Of($"""<option value="{one.Id}"{(one.Id == run ? Html.Of($" selected") : Html.None)}>{one.Name}</option>"""))}</select></label><button>Show</button></form>
                """))}
            {(figures.Count == 0 ? Html.Of($"""<p class="empty" data-key="empty">No {(type is null ? "" : $"{type} ")}figure {(run is null ? "" : "of this training ")}is drawn yet. They come last: when the evaluations that they show are done.</p>""")
                : Html.Of($"""<div class="figures" data-key="figures">{figures.Select(Figure)}</div>"""))}
            """));
    }

    public static Html Figure(FigureFile figure) => Html.Of(
        $"""
        <figure data-key="f{figure.Token}-{figure.Name}"><a href="{ArtifactFile.Address(figure.Token, figure.Name)}"><img loading="lazy" src="{ArtifactFile.Address(figure.Token, figure.Name)}" alt="{figure.Type} figure of {figure.JobName}"></a>
        <figcaption><a href="/jobs/{figure.Job}">{figure.JobName}</a> <span class="quiet">{figure.Name}</span></figcaption></figure>
        """);
}
