using System.Globalization;
using System.Text;
using Amnre.Engine.Masks;
using Amnre.Engine.Settings;
using Amnre.Engine.Tables;

namespace Amnre.Engine.Evaluation;

/// <summary>What was measured of one marginal of one observation.</summary>
/// <param name="Index">Row of the observation in its dataset.</param>
/// <param name="Mask">The marginal.</param>
/// <param name="TotalProbability">Of a grid the sum of cell masses before normalising, 1 for a perfect density; of samples the fraction
/// within the prior's support; null where nothing but draws is asked for.</param>
/// <param name="Entropy">In nats, over cells; null like the total.</param>
internal sealed record EvaluationRow(int Index, ParameterMask Mask, double? TotalProbability, double? Entropy)
{
    /// <summary>Whether the total tells anything of the model: 1 where it is right.</summary>
    public bool IsTotalMeasured { get; init; } = true;

    /// <summary>The model knows the total up to a factor.</summary>
    public bool HasFreeFactor { get; init; }

    public bool IsWithoutProbability => TotalProbability is { } total && NoProbability.Is(total, HasFreeFactor);

    /// <summary>Part of the simulations that are as unlike the rest as the observation is; null where it was not compared.</summary>
    public double? Likeness { get; init; }

    public bool IsUnlike => Likeness < Evaluation.Likeness.Least;

    public double? EntropyTruth { get; init; }

    /// <summary>KL(truth ‖ estimate), nats.</summary>
    public double? KlTruth { get; init; }

    /// <summary>Earth mover's distance to the truth, in units of the parameters' ranges; null above the limit of cells and for sampled
    /// marginals with more.</summary>
    public double? EmdTruth { get; init; }

    public double? Percentile { get; init; }
}

/// <summary>Writes <c>table.csv</c> in the columns of the original program, and, where they are named, the parameters.</summary>
public static class EvaluationTable
{
    private const string Warning = "no probability", Unlike = "unlike the simulations";

    /// <summary>Observation rows that a table warns of.</summary>
    /// <param name="lines">Of the table, with its header.</param>
    public static IEnumerable<int> RowsWithoutProbability(IEnumerable<string> lines) =>
        lines.Where(line => line.EndsWith($",{Warning}", StringComparison.Ordinal))
        .Select(line => int.Parse(line.Split(',')[0], CultureInfo.InvariantCulture)).Distinct();

    /// <summary>What a table warns of at one of its observations.</summary>
    /// <param name="path">The table.</param>
    /// <param name="row">The observation's row in its dataset.</param>
    /// <exception cref="InputException">It is no table of an evaluation.</exception>
    internal static IEnumerable<string> Warnings(string path, int row)
    {
        var table = CsvTable.Read(path);
        if (!table.Has("warning")) return [];
        var index = row.ToString(CultureInfo.InvariantCulture);
        return table.Texts("index").Zip(table.Texts("warning")).Where(one => one.First == index).Select(one => one.Second switch
        {
            Warning => "the model gives the observation no probability",
            Unlike => Likeness.Warning,
            _ => "",
        }).Where(sentence => sentence.Length > 0).Distinct();
    }

    /// <param name="labels">Names of all parameters, for a column <c>parameters</c>; null for the original's columns alone.</param>
    /// <remarks>Where the model gives no probability to an observation, or it is unlike the simulations, and there alone, a last column
    /// <c>warning</c> says so.</remarks>
    internal static void Write(
        string path, IReadOnlyList<EvaluationRow> rows, EvaluateSettings settings, IReadOnlyList<string>? labels)
    {
        var warned = rows.Any(row => row.IsWithoutProbability || row.IsUnlike);
        var text = new StringBuilder("index,mask,total_probability,entropy");
        if (settings.Accuracy) text.Append(",entropy_truth,kl_truth,emd_truth");
        if (settings.HasPercentiles) text.Append(",percentile");
        if (labels is not null) text.Append(",parameters");
        text.Append(warned ? ",warning\n" : "\n");
        foreach (var row in rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"{row.Index},{row.Mask},{row.TotalProbability:R},{row.Entropy:R}");
            if (settings.Accuracy) text.Append(CultureInfo.InvariantCulture, $",{row.EntropyTruth:R},{row.KlTruth:R},{row.EmdTruth:R}");
            if (settings.HasPercentiles) text.Append(CultureInfo.InvariantCulture, $",{row.Percentile:R}");
            if (labels is not null) text.Append(',').Append(CsvCell.Of(labels, row.Mask));
            if (warned) text.Append(row.IsWithoutProbability ? $",{Warning}" : row.IsUnlike ? $",{Unlike}" : ",");
            text.Append('\n');
        }

        AtomicFile.WriteText(path, text.ToString());
    }
}
