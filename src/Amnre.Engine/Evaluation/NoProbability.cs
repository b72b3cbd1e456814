using System.Globalization;
using Amnre.Engine.Settings;

namespace Amnre.Engine.Evaluation;

/// <summary>Observations to which a model gives no probability: it knows nothing of them, and what it says is worth nothing.</summary>
internal static class NoProbability
{
    /// <summary>A perfect density has 1 over the grid, and trained ratios are within a factor of a few.</summary>
    private const double MinTotal = 0.01;

    private const int Listed = 5;

    /// <param name="total">Probability over the grid before normalising.</param>
    /// <param name="hasFreeFactor">Whether the model knows it up to a factor.</param>
    public static bool Is(double total, bool hasFreeFactor) =>
        !(total >= (hasFreeFactor ? double.Epsilon : MinTotal) && double.IsFinite(total));

    /// <summary>A sentence on such observations; null when there are none.</summary>
    public static string? Told(IReadOnlyList<EvaluationRow> rows, EvaluateInputs inputs)
    {
        var found = rows.Where(row => row.IsWithoutProbability).DistinctBy(row => row.Index).ToList();
        if (found.Count == 0) return null;
        var listed = string.Join(", ",
            found.Take(Listed)
                .Select(row => string.Create(CultureInfo.InvariantCulture,
                    $"row {row.Index} (total probability {row.TotalProbability:0.####e+0} of mask {row.Mask} instead of 1)")));
        return $"model '{inputs.Model}' gives no probability to {found.Count} observation{(found.Count == 1 ? "" : "s")} of " +
            $"'{inputs.Samples}': {listed}{(found.Count > Listed ? ", …" : "")}. "
            + "What it says of them is worth nothing: are they of its simulator, and is it trained?";
    }
}
