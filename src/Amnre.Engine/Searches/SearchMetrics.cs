using Amnre.Engine.Tables;

namespace Amnre.Engine.Searches;

/// <summary>What candidates of a search can be compared by. Of each, lower is better.</summary>
public static class SearchMetrics
{
    /// <summary>Loss of the validation set.</summary>
    public const string Validation = "valid.loss";

    /// <summary>Cross-entropy of the validation set, by which models of different losses can be compared.</summary>
    public const string Comparable = "valid.nll";

    private static readonly Dictionary<string, Func<EpochStatistics, float?>> Of = new(StringComparer.Ordinal)
    {
        [Validation] = epoch => epoch.ValidationMean,
        [Comparable] = epoch => epoch.ValidationCrossEntropy ?? epoch.ValidationMean,
        ["train.loss"] = epoch => epoch.Mean,
    };

    /// <summary>Their names.</summary>
    public static IReadOnlyCollection<string> Names => Of.Keys;

    /// <summary>Whether it is measured on a validation set.</summary>
    public static bool NeedsValidation(string metric) => metric.StartsWith("valid.", StringComparison.Ordinal);

    /// <summary>Of the last epoch of a training; null where it is not a finite number.</summary>
    /// <param name="metric">One of <see cref="Names"/>.</param>
    /// <param name="history">The statistics of the training.</param>
    public static double? Last(string metric, IReadOnlyList<EpochStatistics> history) =>
        history is [.., var last] && Of[metric](last) is { } value && float.IsFinite(value) ? value : null;
}
