using Amnre.Engine.Tables;

namespace Amnre.Engine.Benchmarks;

/// <summary>One method on one task with one budget.</summary>
/// <param name="Task">As <see cref="PublishedResults.Tasks"/> has it.</param>
/// <param name="Budget">Simulations, those for validation among them.</param>
/// <param name="Method">By which the model was trained.</param>
/// <param name="Observations">How many of the task's observations are asked for.</param>
public sealed record BenchmarkCell(string Task, int Budget, string Method, int Observations)
{
    /// <summary>Mean C2ST over the observations, of all parameters together; null where it is not known.</summary>
    public double? Joint { get; private init; }

    /// <summary>Mean C2ST over the observations and all marginals of one and of two parameters; null where it was not asked for.</summary>
    public double? Marginals { get; private init; }

    /// <summary>The largest difference between how often regions hold the true parameters and their credibility (TARP).</summary>
    public double? CoverageError { get; private init; }

    /// <summary>Minutes of training.</summary>
    public double? Minutes { get; private init; }

    /// <summary>Observations that could be drawn from and compared.</summary>
    public int Compared { get; private init; }

    /// <summary>Why numbers are missing; empty where none is.</summary>
    public string Missing { get; init; } = "";

    /// <summary>The same with what its files say.</summary>
    /// <param name="comparison">Table of the comparison with the reference; null where there is none.</param>
    /// <param name="diagnostics">Table of diagnostics.</param>
    /// <param name="history">Statistics of the training.</param>
    /// <exception cref="InputException">A table of another kind.</exception>
    public BenchmarkCell With(string? comparison, string? diagnostics, string? history)
    {
        var cell = this;
        if (comparison is not null)
        {
            var table = CsvTable.Read(comparison);
            var rows = table.Texts("mask").Zip(table.Numbers("c2st"), table.Texts("index"))
                .Select(row => (Size: row.First.Count(one => one == '1'), Whole: !row.First.Contains('0', StringComparison.Ordinal),
                    Accuracy: row.Second, Observation: row.Third)).ToList();
            var (joint, parts) = (rows.FindAll(row => row.Whole), rows.FindAll(row => row.Size <= 2));
            cell = cell with
            {
                Joint = joint.Count > 0 ? joint.Average(row => row.Accuracy) : null,
                Marginals = parts.Exists(row => !row.Whole) ? parts.Average(row => row.Accuracy) : null,
                Compared = joint.Select(row => row.Observation).Distinct().Count(),
            };
            if (cell.Compared < Observations && cell.Missing.Length == 0)
                cell = cell with { Missing = $"{cell.Compared} of {Observations} observations could be drawn from" };
        }

        if (diagnostics is not null)
        {
            var table = CsvTable.Read(diagnostics);
            cell = cell with
            {
                CoverageError = table.Texts("measure").Zip(table.Numbers("value"), table.Texts("mask"))
                    .Where(row => row.First == "tarp_deviation" && !row.Third.Contains('0', StringComparison.Ordinal))
                    .Select(row => (double?)row.Second).FirstOrDefault(),
            };
        }

        return history is null ? cell : cell with { Minutes = HistoryFile.Read(history).Sum(epoch => epoch.Seconds) / 60 };
    }
}
