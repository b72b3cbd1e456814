using Amnre.Jobs.Views;

namespace Amnre.Scheduler.Dashboard;

/// <summary>All experiments, newest first.</summary>
internal static class ExperimentsPage
{
    private const int Most = 200;
    private static readonly string[] Columns = ["Experiment", "State", "Progress", "Jobs", "Submitted", "Took"];

    public static Html Render(IReadOnlyList<ExperimentSummary> experiments, DateTime now) => Layout.Page("Experiments", Html.Of(
        $"""
        <h1>Experiments</h1>
        {(experiments.Count == 0
            ? Html.Of($"""<p class="empty">None yet. Submit one: <code>amnre submit experiment.yaml</code></p>""")
            : Layout.Table("Experiments", Columns, experiments, Most, one => $"e{one.Id}", one => Cells(one, now)))}
        """));

    private static Html Cells(ExperimentSummary one, DateTime now) => Html.Of(
        $"""
        <td><a href="/experiments/{one.Id}"><strong>{one.Name}</strong></a> <span class="quiet">v{one.Version}</span></td>
        <td>{Layout.Badge(Wording.Word(one))}</td>
        <td>{Layout.Bar(one.Total == 0 ? 1 : (double)one.Done / one.Total)}</td>
        <td>{StateStrip.Words(one)}</td>
        <td class="number">{Wording.Instant(one.SubmittedAt)}</td>
        <td class="number">{Wording.Duration((one.FinishedAt ?? now) - one.SubmittedAt)}</td>
        """);
}
