using System.Globalization;
using System.Text;
using Amnre.Engine.Masks;
using Amnre.Engine.Tables;
using MathNet.Numerics.Statistics;

namespace Amnre.Engine.Evaluation;

/// <summary>How often highest-density regions of a given credibility hold the true parameters: as often as they say, if the estimate is
/// calibrated. Hermans et al., A crisis in simulation-based inference? (TMLR 2022).</summary>
public static class ExpectedCoverage
{
    /// <summary>Fraction of observations whose region of each credibility holds the truth.</summary>
    /// <param name="percentiles">One minus the credibility of the smallest region that holds the truth, for each observation; of any masks,
    /// whose mean coverage this then is.</param>
    /// <param name="credibilities">In [0, 1].</param>
    public static double[] Of(IReadOnlyCollection<double> percentiles, IReadOnlyList<double> credibilities)
    {
        // Sums of masses in float32 miss 1 by their rounding.
        double[] needed = [.. percentiles.Select(percentile => 1 - Math.Clamp(percentile, 0, 1)).Order()];
        return [.. credibilities.Select(credibility => SortedArrayStatistics.EmpiricalCDF(needed, credibility))];
    }

    /// <summary>∫ (coverage − credibility) over all credibilities: 0 if calibrated, above 0 if too cautious, below 0 if too sure; within
    /// ±½.</summary>
    public static double Area(IReadOnlyCollection<double> percentiles) => percentiles.Average() - 0.5;

    /// <summary>Writes columns mask, credibility, coverage, of how many observations, and the mask's parameters, from the percentiles of an
    /// evaluation's table.</summary>
    /// <param name="table">The evaluation's.</param>
    /// <param name="output">The table to write.</param>
    /// <param name="labels">Names of all parameters.</param>
    /// <exception cref="InputException">No such table, or without percentiles.</exception>
    public static void Tabulate(string table, string output, IReadOnlyList<string> labels)
    {
        var results = CsvTable.Read(table);
        var rows = results.Texts("mask").Zip(results.Numbers("percentile")).Where(row => double.IsFinite(row.Second)).ToList();
        var text = new StringBuilder("mask,credibility,coverage,observations,parameters\n");
        double[] credibilities = [.. Enumerable.Range(0, 21).Select(i => i / 20.0)];
        foreach (var mask in rows.GroupBy(row => row.First))
        {
            var names = ParameterMask.TryParse(mask.Key, out var known) && known.Size == labels.Count ? CsvCell.Of(labels, known)
                : throw new InputException($"table '{table}': '{mask.Key}' is not a mask of {labels.Count} parameters: make it again");
            var covered = Of([.. mask.Select(row => row.Second)], credibilities);
            for (var i = 0; i < credibilities.Length; i++)
                text.Append(CultureInfo.InvariantCulture, $"{mask.Key},{credibilities[i]:R},{covered[i]:R},{mask.Count()},{names}\n");
        }

        AtomicFile.WriteText(output, text.ToString());
    }
}
