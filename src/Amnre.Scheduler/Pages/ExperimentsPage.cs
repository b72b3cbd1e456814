using Amnre.Jobs.Views;
using Amnre.Scheduler.Markup;

namespace Amnre.Scheduler.Pages;

/// <summary>All experiments, newest first, a page at a time.</summary>
internal static class ExperimentsPage
{
    public const int Shown = 50;
    private static readonly string[] Columns = ["Experiment", "State", "Progress", "Jobs", "Submitted", "Took", "Left"];

    /// <param name="experiments">One more than is shown where there are more.</param>
    /// <param name="first">Whether these are the newest.</param>
    /// <param name="slowest">Seconds left of the slowest job under way, by experiment.</param>
    /// <param name="now">UTC, by the database's clock.</param>
    public static Page Render(IReadOnlyList<ExperimentSummary> experiments, bool first, IReadOnlyDictionary<long, double> slowest,
        DateTime now) => Layout.Page("Experiments", Html.Of(
        $"""
        <h1>Experiments</h1>
        {(experiments.Count == 0
            ? Html.Of($"""<p class="empty" data-key="empty">{(first ? "None yet. Submit one: " : "No earlier ones.")}{(first ? Html.Of($"<code>amnre submit experiment.yaml</code>") : Html.None)}</p>""")
            : Layout.Table("Experiments", Columns, [.. experiments.Take(Shown)], Shown, one => $"e{one.Id}", one => Cells(one, slowest.TryGetValue(one.Id, out var seconds) ? seconds : null, now)))}
        {Layout.Pager(first ? null : "/", experiments.Count > Shown ? $"/?before={experiments[Shown - 1].Id}" : null)}
        """), place: "/");

    private static Html Cells(ExperimentSummary one, double? slowest, DateTime now) => Html.Of(
        $"""
        <td><a href="/experiments/{one.Id}"><strong>{one.Name}</strong></a> <span class="quiet">v{one.Version}</span></td>
        <td>{Layout.Badge(Wording.Word(one))}</td>
        <td>{Layout.Bar(one.Total == 0 ? 1 : (double)one.Done / one.Total)}</td>
        <td>{StateStrip.Words(one)}</td>
        <td class="number">{Wording.Instant(one.SubmittedAt)}</td>
        <td class="number">{Wording.Duration((one.FinishedAt ?? now) - one.SubmittedAt)}</td>
        <td class="number">{(TimeLeft.Of(one, slowest, now) is { } left ? Html.Of($"about {Wording.Duration(left)}") : Html.None)}</td>
        """);
}
