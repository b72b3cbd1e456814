using Amnre.Jobs.Graph;
using Amnre.Jobs.Views;
using Amnre.Scheduler.Markup;
using Amnre.Scheduler.Runs;

namespace Amnre.Scheduler.Pages;

/// <summary>Trainings and evaluations as one table: sorted, filtered, grouped, with the columns that were chosen.</summary>
internal static class RunsPage
{
    /// <summary>Columns that are shown where none were chosen.</summary>
    private const int FirstSettings = 3, FirstMetrics = 4;

    public static Page Render(ExperimentSummary experiment, RunSet set, RunQuery query)
    {
        var selected = query.Select(set);
        IReadOnlyList<string> columns = query.Columns.Count > 0
            ? query.Columns
            : [.. set.Settings.Take(FirstSettings), .. set.Metrics.Take(FirstMetrics)];
        return ExperimentFrame.Page(experiment, "/runs", Html.Of(
            $"""
            {Form(experiment, set, query, columns)}
            {query.Faults.Select(fault => Html.Of($"""<p class="warning" role="alert">{fault}</p>"""))}
            <p class="facts" data-key="facts"><span><b>{selected.Count}</b> of {set.Runs.Count} {(query.Evaluations ? "evaluations" : "trainings")}</span>
            {(set.Unread == 0 ? Html.None : Html.Of($"""<span data-key="unread">metrics of {set.Unread} more are still being read</span>"""))}
            <a data-key="csv" href="{(query with { After = null }).Address(ExperimentFrame.Address(experiment, "/runs.csv"))}" download>CSV of these</a></p>
            {(selected.Count == 0 ? Html.Of($"""<p class="empty" data-key="empty">{(set.Runs.Count == 0 ? "It has none of these." : "None fits the conditions.")}</p>""")
                : query.Group.Length > 0 ? Groups(experiment, selected, query, columns) : Rows(experiment, selected, query, columns))}
            """));
    }

    private static Html Rows(ExperimentSummary experiment, IReadOnlyList<Run> selected, RunQuery query, IReadOnlyList<string> columns)
    {
        var (page, next) = query.PageOf(selected);
        var path = ExperimentFrame.Address(experiment, "/runs");
        return Html.Of(
            $"""
            {Layout.Table("Runs", [.. RunColumns.Always.Concat(columns).Select(column => Head(column, query, path))], page, RunQuery.PageSize, run => $"r{run.Row}", run => Html.Of(
                $"""
                <td class="name"><a href="/jobs/{run.Id}">{run.Name}</a></td><td>{Layout.Badge(Wording.Word(run.State))}</td>
                <td class="number">{(run.State is JobState.Running ? Layout.Bar(run.Fraction) : Html.Of($"{100 * run.Fraction:0}{"\u202f%"}"))}</td><td class="number">{Wording.Duration(run.Seconds)}</td>
                {columns.Select(column => Cell(run.Values.GetValueOrDefault(column)))}
                """))}
            {Layout.Pager(query.After is null ? null : (query with { After = null }).Address(path), next is null ? null : (query with { After = next }).Address(path))}
            """);
    }

    private static Html Head(string column, RunQuery query, string path)
    {
        var sorted = query.Sort == column;
        var address = (query with { Sort = column, Descending = sorted && !query.Descending, After = null }).Address(path);
        var order = sorted ? Html.Of($""" aria-sort="{(query.Descending ? "descending" : "ascending")}" """) : Html.None;
        return Html.Of($"""<th scope="col"{order}><a href="{address}">{column}{(sorted ? query.Descending ? " ▼" : " ▲" : "")}</a></th>""");
    }

    private static Html Cell(object? value) => value switch
    {
        double number => Html.Of($"""<td class="number" title="{RunColumns.Text(number)}">{Wording.Number(number)}</td>"""),
        _ => Html.Of($"<td>{RunColumns.Text(value)}</td>"),
    };

    private static Html Groups(ExperimentSummary experiment, IReadOnlyList<Run> selected, RunQuery query, IReadOnlyList<string> columns)
    {
        var groups = RunGroup.Of(selected, query.Group, [RunColumns.Seconds, .. columns.Where(column => column != query.Group)]);
        var shown = new[] { RunColumns.Seconds }.Concat(columns).Where(column => groups.Any(group => group.Means.ContainsKey(column)))
            .ToList();
        return Layout.Table($"Groups by {query.Group}",
            [query.Group, "runs", "done", .. shown.Select(column => $"{column}: mean (least … greatest)")], groups, RunQuery.PageSize,
            group => $"g{RunColumns.Text(group.Value)}", group =>
        {
            var where = $"{query.Where} {(group.Value is null ? "" : $"\"{query.Group}={RunColumns.Text(group.Value)}\"")}".Trim();
            return Html.Of(
                $"""
                <td><a href="{(query with { Group = "", Where = where, After = null }).Address(ExperimentFrame.Address(experiment, "/runs"))}">{(group.Value is null ? "(none)" : RunColumns.Text(group.Value))}</a></td>
                <td class="number">{group.Count}</td><td class="number">{group.Done}</td>
                {shown.Select(column => group.Means.TryGetValue(column, out var mean)
                    ? Html.Of($"""<td class="number">{Wording.Number(mean.Mean)} <span class="quiet">({Wording.Number(mean.Least)} … {Wording.Number(mean.Most)})</span></td>""") : Html.Of($"<td></td>"))}
                """);
        });
    }

    private static Html Form(ExperimentSummary experiment, RunSet set, RunQuery query, IReadOnlyList<string> chosen) => Html.Of(
        $"""
        <form class="filters" method="get" action="{ExperimentFrame.Address(experiment, "/runs")}" data-key="form">
        <label>Rows <select name="rows"><option value="models"{Selected(!query.Evaluations)}>trainings</option><option value="evaluations"{Selected(query.Evaluations)}>evaluations</option></select></label>
        <label class="wide">Only where <input type="search" name="where" value="{query.Where}" placeholder="state=failed lr&lt;0.001 name~amnre" aria-describedby="wherehelp"></label>
        <label>Group by <select name="group"><option value="">nothing</option>{RunColumns.Always.Concat(set.Columns).Select(column => Html.Of($"""<option{Selected(query.Group == column)}>{column}</option>"""))}</select></label>
        <input type="hidden" name="sort" value="{(query.Descending ? $"-{query.Sort}" : query.Sort)}">
        <button>Show</button>
        <p class="quiet help" id="wherehelp">Conditions with = != &lt; &lt;= &gt; &gt;= or ~ (contains), between blanks; all must hold. Names with blanks go between double quotes.</p>
        <details data-key="columns"><summary>Columns ({chosen.Count} of {set.Columns.Count()})</summary><fieldset class="columns"><legend class="hidden">Columns</legend>
        {set.Columns.Select(column => Html.Of($"""<label data-key="{column}"><input type="checkbox" name="column" value="{column}"{(chosen.Contains(column) ? Html.Of($" checked") : Html.None)}> {column}</label>"""))}</fieldset></details>
        </form>
        """);

    private static Html Selected(bool selected) => selected ? Html.Of($" selected") : Html.None;
}
