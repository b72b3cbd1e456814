using System.Globalization;
using Amnre.Engine.Inference;

namespace Amnre.Cli.Inference;

/// <summary>A posterior's parameters as lines of text.</summary>
internal static class PosteriorTable
{
    /// <summary>More intervals than these are those of a flat density; the summary has them all.</summary>
    private const int MaxListed = 3;

    /// <summary>Those of which the observation tells most; the summary has them all.</summary>
    private const int MaxPairs = 3;

    private static readonly string[] Header = ["parameter", "mean", "deviation", "median", "68 %", "95 %", "information"];

    public static IEnumerable<string> Of(ObservationPosterior posterior)
    {
        List<string[]> rows = [Header, .. posterior.Marginals.Select(Row)];
        var widths = Enumerable.Range(0, Header.Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        return rows.Select(row => string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }

    /// <summary>What pairs tell beyond their parameters, and nested models.</summary>
    public static IEnumerable<string> Information(ObservationPosterior posterior)
    {
        if (posterior.Pairs.Count > 0)
        {
            var told = posterior.Pairs.OrderByDescending(pair => pair.Information).Take(MaxPairs).Select(pair =>
                FormattableString.Invariant($"{pair.First} and {pair.Second} {pair.Information:0.00} nat"));
            yield return $"information of pairs: {string.Join(", ", told)}{(posterior.Pairs.Count > MaxPairs ? ", …" : "")}";
        }

        foreach (var factor in posterior.BayesFactors)
            yield return string.Create(CultureInfo.InvariantCulture,
                $"Bayes factor for {factor.Name} = {factor.Value:0.######} against its prior: e^{factor.Log:0.00}, {(factor.Log >= 0 ? "for" : "against")} this value");
    }

    private static string[] Row(MarginalSummary marginal)
    {
        // Three digits of what is uncertain; of a scale over decades three of each number.
        int? digits = marginal.IsLogarithmic ? null : Digits(marginal.Deviation);
        return
        [
            marginal.Name, Number(marginal.Mean, digits), Number(marginal.Deviation, digits), Number(marginal.Median, digits),
            Intervals(marginal.Region68, digits), Intervals(marginal.Region95, digits),
            string.Create(CultureInfo.InvariantCulture, $"{marginal.Information:0.00} nat"),
        ];
    }

    private static string Intervals(IReadOnlyList<(double Low, double High)> intervals, int? digits) =>
        intervals.Count <= MaxListed
            ? string.Join(" or ", intervals.Select(interval => $"{Number(interval.Low, digits)} to {Number(interval.High, digits)}"))
            : $"{Number(intervals[0].Low, digits)} to {Number(intervals[^1].High, digits)}, in {intervals.Count} parts";

    private static string Number(double value, int? digits) =>
        value.ToString($"F{digits ?? Digits(value)}", CultureInfo.InvariantCulture);

    /// <summary>Decimals that show three digits of a value.</summary>
    private static int Digits(double value) => Math.Clamp(2 - (int)Math.Floor(Math.Log10(Math.Max(Math.Abs(value), 1e-30))), 0, 12);
}
