namespace Amnre.Engine.Evaluation;

/// <summary>How good a number of a result is.</summary>
public enum MetricGrade
{
    /// <summary>The number alone is neither good nor bad.</summary>
    None,

    /// <summary>Nothing speaks against the result.</summary>
    Good,

    /// <summary>It may mislead.</summary>
    Fair,

    /// <summary>It misleads.</summary>
    Poor,
}

/// <summary>What a number of a training or an evaluation means, in plain words, and whether it is good. The limits are those of verdicts
/// where verdicts have them; what chance explains with so many observations is no fault of a model. Pure.</summary>
/// <param name="Text">What it is, and which values are good.</param>
/// <param name="Grade">Of its value.</param>
public sealed record MetricMeaning(string Text, MetricGrade Grade)
{
    /// <param name="name">As in the summary of an evaluation, or of the last epoch of a training.</param>
    /// <param name="value">Its value.</param>
    /// <param name="all">All numbers of the same result: how many observations there are decides what chance explains.</param>
    /// <returns>Null for a number that needs no words.</returns>
    public static MetricMeaning? Of(string name, double value, IReadOnlyList<KeyValuePair<string, double>> all)
    {
        var rows = all.FirstOrDefault(one => one.Key == "observations").Value;
        // Of a mean, and of the largest distance between distribution functions (Kolmogorov), 1 in 1000.
        var (ofMean, ofLargest) = rows > 0 ? (3.3 / Math.Sqrt(12 * rows), 1.95 / Math.Sqrt(rows)) : (1, 1);
        MetricMeaning Low(string text, double good, double fair) => new(text, Graded(value, good, fair));
        return Stem(name) switch
        {
            "loss" => new("lower is better; it can be compared between models of one loss only", MetricGrade.None),
            "validation loss" =>
                new("the loss on rows not trained on: far above the loss, the model has memorised its rows", MetricGrade.None),
            "observations_without_probability" =>
                new("the model gives these observations no probability at all", value > 0 ? MetricGrade.Poor : MetricGrade.Good),
            "min_likeness" => new("part of the simulations that are as unlike the rest as the strangest observation is",
                value < Likeness.Least ? MetricGrade.Poor : MetricGrade.Good),
            "observations_unlike_simulations" => new(
                "observations that no simulation is like: check units, order and preprocessing, or whether the simulator can produce them",
                value > 0 ? MetricGrade.Poor : MetricGrade.Good),
            "mean_total_probability" => new("1: probabilities add up",
                value > 0 ? Graded(Math.Max(value, 1 / value), 1.25, 2) : MetricGrade.Poor),
            "mean_entropy" => new("width of the posteriors in nats: lower is narrower, whether right or not", MetricGrade.None),
            "mean_entropy_truth" => new("width of the true posteriors in nats", MetricGrade.None),
            // Normal posteriors apart by 0.3 and by one of their widths.
            "mean_kl_truth" => Low("0: the posteriors are the true ones; divergence from them in nats", 0.05, 0.5),
            "mean_emd_truth" => new("0: the posteriors are the true ones; distance from them", MetricGrade.None),
            "calibration_deviation" => Low("0: regions hold the truth as often as they say; mean deviation", ofLargest / 2 + 0.01,
                ofLargest / 2 + 0.05),
            "coverage_area" => new(
                $"0: regions hold the truth as often as they say; {(value < 0 ? "below: too narrow" : "above: too wide")}",
                Graded(Math.Abs(value), ofMean + 0.01, ofMean + 0.05)),
            "mean_effective_size" => new(
                "independent draws that a marginal's samples are worth: 400 are enough",
                Graded(-value, -400, -100)),
            "min_effective_draws" => new("independent draws that the draws of the worst posterior are worth: 400 are enough",
                Graded(-value, -400, -100)),
            "max_rank_excess" => Low("about 1 or less: true values rank evenly among draws; the worst parameter", 5, 15),
            "max_tarp_deviation" => Low("0: draws lie around random points as the truth does; the worst mask", ofLargest + 0.01,
                ofLargest + 0.05),
            "mean_c2st" => Low("0.5: a classifier cannot tell draws from the reference; 1: they are apart", 0.6, 0.75),
            _ when name.StartsWith("kl_", StringComparison.Ordinal) =>
                new("what an observation tells of the parameters, in nats; below 0 the prior is better",
                    value < 0 ? MetricGrade.Poor : MetricGrade.None),
            _ when name.StartsWith("auc_", StringComparison.Ordinal) =>
                new("0.5: parameters and observation look unrelated; 1: they never do", MetricGrade.None),
            _ => null,
        };
    }

    /// <summary>Small is good.</summary>
    private static MetricGrade Graded(double value, double good, double fair) =>
        value <= good ? MetricGrade.Good : value <= fair ? MetricGrade.Fair : MetricGrade.Poor;

    /// <summary>Without the number of parameters at the end: <c>mean_c2st</c> of <c>mean_c2st_5d</c>.</summary>
    private static string Stem(string name)
    {
        var end = name.LastIndexOf('_');
        return end > 0 && name.EndsWith('d') && int.TryParse(name.AsSpan(end + 1, name.Length - end - 2), out _) ? name[..end] : name;
    }
}
