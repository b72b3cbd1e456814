using System.Globalization;
using Amnre.Engine.Settings;

namespace Amnre.Scheduler.Runs;

/// <summary>What a reader wants to see of a table of runs, as the page's address says it. Pure.</summary>
public sealed record RunQuery
{
    public const int PageSize = 100;

    /// <summary>Rows are evaluations instead of models.</summary>
    public bool Evaluations { get; init; }

    public string Sort { get; init; } = "";

    public bool Descending { get; init; }

    /// <summary>As written.</summary>
    public string Where { get; init; } = "";

    /// <summary>One row for each value of that column; empty for none.</summary>
    public string Group { get; init; } = "";

    /// <summary>Empty for all.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>The last run of the page before; null begins.</summary>
    public long? After { get; init; }

    /// <summary>What was not understood.</summary>
    public IReadOnlyList<string> Errors { get; init; } = [];

    public IReadOnlyList<RunFilter> Filters { get; init; } = [];

    /// <param name="values">All values of a parameter of the address.</param>
    public static RunQuery Parse(Func<string, IReadOnlyList<string?>> values)
    {
        string One(string name) => values(name) is [.., { } last] ? last : "";
        var sort = One("sort");
        var filters = RunFilter.Parse(One("where"), out var errors);
        return new RunQuery
        {
            Evaluations = One("rows") == "evaluations",
            Sort = SettingName.OfKey(sort.TrimStart('-')),
            Descending = sort.StartsWith('-'),
            Where = One("where"),
            Group = SettingName.OfKey(One("group")),
            Columns = [.. values("column").OfType<string>().Where(column => column.Length > 0).Select(SettingName.OfKey).Distinct()],
            After = long.TryParse(One("after"), NumberStyles.None, CultureInfo.InvariantCulture, out var after) ? after : null,
            Filters = filters,
            Errors = errors,
        };
    }

    /// <summary>The address of this query; empty parts are left out.</summary>
    public string Address(string path)
    {
        var parts = new List<(string Name, string Value)>();
        if (Evaluations) parts.Add(("rows", "evaluations"));
        if (Sort.Length > 0) parts.Add(("sort", Descending ? $"-{Sort}" : Sort));
        if (Where.Length > 0) parts.Add(("where", Where));
        if (Group.Length > 0) parts.Add(("group", Group));
        parts.AddRange(Columns.Select(column => ("column", column)));
        if (After is { } after) parts.Add(("after", after.ToString(CultureInfo.InvariantCulture)));
        return parts.Count == 0
            ? path
            : $"{path}?{string.Join('&', parts.Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value)}"))}";
    }

    /// <summary>The runs that the filters keep, in order: those without a value of the sorted column last in either direction, ties in the
    /// plan's order.</summary>
    public IReadOnlyList<Run> Select(RunSet set)
    {
        var kept = set.Runs.Where(run => Filters.All(filter => filter.Holds(run)));
        if (Sort.Length == 0) return [.. kept];
        var sign = Descending ? -1 : 1;
        return [.. kept.Select(run => (Run: run, Value: RunColumns.Value(run, Sort)))
            .OrderBy(one => RunColumns.IsMissing(one.Value))
            .ThenBy(one => one.Value, Comparer<object?>.Create((a, b) => sign * RunColumns.Compare(a, b)))
            .ThenBy(one => one.Run.Row).Select(one => one.Run)];
    }

    /// <summary>The page after run <see cref="After"/>, and the run to continue from; from the beginning where that run is no longer
    /// kept.</summary>
    public (IReadOnlyList<Run> Page, long? Next) PageOf(IReadOnlyList<Run> selected)
    {
        var start = 0;
        for (var i = 0; After is not null && i < selected.Count; i++) if (selected[i].Row == After) start = i + 1;
        var page = selected.Skip(start).Take(PageSize).ToList();
        return (page, start + page.Count < selected.Count && page.Count > 0 ? page[^1].Row : null);
    }
}
