using Amnre.Jobs.Views;
using Amnre.Scheduler.Charts;
using Amnre.Scheduler.Markup;
using Amnre.Scheduler.Runs;

namespace Amnre.Scheduler.Pages;

/// <summary>Settings against metrics as parallel coordinates: which choices go with which results.</summary>
internal static class ParallelPage
{
    public const int MostRuns = 1000;
    private const int FirstSettings = 5, MostAxes = 12;

    public static Page Render(ExperimentSummary experiment, RunSet set, RunQuery query)
    {
        var selected = query.Select(set).Take(MostRuns).ToList();
        var chosen = (query.Columns.Count > 0 ? [.. set.Columns.Where(query.Columns.Contains)] : First(set)).Take(MostAxes).ToList();
        return ExperimentFrame.Page(experiment, "/parallel", Html.Of(
            $"""
            <form class="filters" method="get" action="{ExperimentFrame.Address(experiment, "/parallel")}" data-key="form">
            <label class="wide">Only where <input type="search" name="where" value="{query.Where}" placeholder="state=succeeded lr&lt;0.001"></label><button>Show</button>
            <details data-key="columns"><summary>Axes ({chosen.Count} of {set.Columns.Count()}); colour follows the last</summary><fieldset class="columns"><legend class="hidden">Axes, {MostAxes} at most</legend>
            {set.Columns.Select(column => Html.Of($"""<label data-key="{column}"><input type="checkbox" name="column" value="{column}"{(chosen.Contains(column) ? Html.Of($" checked") : Html.None)}> {column}</label>"""))}</fieldset></details></form>
            {query.Faults.Select(fault => Html.Of($"""<p class="warning" role="alert">{fault}</p>"""))}
            {(chosen.Count < 2 || selected.Count == 0
                ? Html.Of($"""<p class="empty" data-key="empty">{(set.Runs.Count < 2 ? "It takes two trainings to compare." : "Choose two axes at least, and conditions that some training meets.")}</p>""")
                : Html.Of($"""<div class="scroll drawing" tabindex="0" role="region" aria-label="Parallel coordinates" data-key="drawing">{Draw(chosen, selected)}</div><p class="quiet" data-key="note">One line per training{(selected.Count == MostRuns ? $", the first {MostRuns}" : "")}; from light to dark as {chosen[^1]} grows. The same as a table: <a href="{(query with { Columns = chosen }).Address(ExperimentFrame.Address(experiment, "/runs"))}">runs</a></p>"""))}
            """));
    }

    private static List<string> First(RunSet set)
    {
        var preferred = set.Metrics.FirstOrDefault(metric => metric == "validation loss")
            ?? set.Metrics.FirstOrDefault(metric => metric == "loss");
        return [.. set.Settings.Take(FirstSettings),
            .. set.Metrics.Where(metric => metric != preferred && metric.Contains('.', StringComparison.Ordinal) && Varies(set, metric))
                .Take(2), .. preferred is null ? Array.Empty<string>() : [preferred]];
    }

    private static bool Varies(RunSet set, string column) =>
        set.Runs.Select(run => run.Values.GetValueOrDefault(column)).OfType<double>().Distinct().Skip(1).Any();

    private static Html Draw(IReadOnlyList<string> columns, IReadOnlyList<Run> runs) => ParallelDrawing.Draw(
        [.. columns.Select(column => new ParallelAxis(column, [.. runs.Select(run => RunColumns.Value(run, column))]))],
        [.. runs.Select(run => run.Name)], [.. runs.Select(run => $"/jobs/{run.Id}")]);
}
