namespace Amnre.Scheduler.Runs;

/// <summary>Runs that have one value in common.</summary>
/// <param name="Value">Null where they lack it.</param>
/// <param name="Means">Of columns of numbers: mean, least and greatest over the runs that have one.</param>
internal sealed record RunGroup(object? Value, int Count, int Done,
    IReadOnlyDictionary<string, (double Mean, double Min, double Max)> Means)
{
    /// <summary>Groups by the values of a column, in their order. Pure.</summary>
    public static IReadOnlyList<RunGroup> Of(IReadOnlyList<Run> runs, string column, IReadOnlyList<string> columns) =>
        [.. runs.GroupBy(run => RunColumns.Text(RunColumns.Value(run, column)))
            .Select(group => new RunGroup(RunColumns.Value(group.First(), column), group.Count(), group.Count(run => run.Fraction >= 1),
                columns
                .Select(name => (name,
                    Numbers: group.Select(run => RunColumns.Value(run, name)).OfType<double>().Where(double.IsFinite).ToList()))
                .Where(one => one.Numbers.Count > 0)
                .ToDictionary(one => one.name, one => (one.Numbers.Average(), one.Numbers.Min(), one.Numbers.Max()))))
            .OrderBy(group => group.Value, Comparer<object?>.Create(RunColumns.Compare))];
}
