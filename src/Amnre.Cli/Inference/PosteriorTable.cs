using System.Globalization;
using System.Text.RegularExpressions;
using Amnre.Engine.Inference;

namespace Amnre.Cli.Inference;

/// <summary>A posterior's parameters as lines of text.</summary>
internal static partial class PosteriorTable
{
    /// <summary>More intervals than these are those of a flat density; the summary has them all.</summary>
    private const int MaxListed = 3;

    /// <summary>Those of which the observation tells most; the summary has them all.</summary>
    private const int MaxPairs = 3;

    /// <summary>More decimals are written as powers of ten.</summary>
    private const int MaxDecimals = 6;

    /// <summary>Those of single precision.</summary>
    private const int MaxDigits = 9;

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
        var number = Numbers(marginal);
        return
        [
            marginal.Name, number(marginal.Mean), number(marginal.Deviation), number(marginal.Median),
            Intervals(marginal.Region68, number), Intervals(marginal.Region95, number),
            string.Create(CultureInfo.InvariantCulture, $"{marginal.Information:0.00} nat"),
        ];
    }

    private static string Intervals(IReadOnlyList<(double Low, double High)> intervals, Func<double, string> number) =>
        intervals.Count <= MaxListed
            ? string.Join(" or ", intervals.Select(interval => $"{number(interval.Low)} to {number(interval.High)}"))
            : $"{number(intervals[0].Low)} to {number(intervals[^1].High)}, in {intervals.Count} parts";

    /// <summary>How the numbers of a parameter are written: three digits of what is uncertain, all with as many decimals. In powers of ten
    /// where that takes many decimals, or where a posterior spans decades, whose lower end would have no digit left.</summary>
    private static Func<double, string> Numbers(MarginalSummary marginal)
    {
        var deviation = Math.Max(marginal.Deviation, double.Epsilon);
        double[] ends = [marginal.Mean, marginal.Median, .. marginal.Region95.SelectMany(one => (double[])[one.Low, one.High])];
        var isWide = marginal.IsLogarithmic && ends.Min() < deviation / 10;
        var decimals = Math.Max(2 - (int)Math.Floor(Math.Log10(deviation)), 0);
        if (!isWide && decimals <= MaxDecimals) return value => value.ToString($"F{decimals}", CultureInfo.InvariantCulture);
        // As many digits as tell the values from one another.
        var digits = isWide ? 3 : Math.Clamp(3 + (int)Math.Ceiling(Math.Log10(ends.Max(Math.Abs) / deviation)), 3, MaxDigits);
        return value => Exponent().Replace(value.ToString($"G{digits}", CultureInfo.InvariantCulture), "e$1");
    }

    [GeneratedRegex(@"E([+-])0*")]
    private static partial Regex Exponent();
}
