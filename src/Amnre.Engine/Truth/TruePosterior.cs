using Amnre.Engine.Histograms;
using Amnre.Engine.Masks;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Truth;

/// <summary>The posteriors that can be known without an estimator.</summary>
internal static class TruePosterior
{
    /// <summary>Largest number of parameters of a marginal that is known exactly.</summary>
    public const int LargestMask = 2;

    public static bool IsKnown(ISimulator simulator) => simulator is Slcp;

    /// <summary>Normalised histograms of all masks of one or two parameters, by quadrature.</summary>
    /// <param name="simulator">One for which <see cref="IsKnown"/>.</param>
    /// <param name="x">One observation.</param>
    /// <param name="bins">Cells per dimension.</param>
    public static IReadOnlyDictionary<ParameterMask, Histogram> Marginals(ISimulator simulator, ReadOnlySpan<float> x, int bins) =>
        IsKnown(simulator)
            ? SlcpTruth.Marginals(x, bins)
            : throw NotKnown(simulator);

    /// <summary>The joint posterior by chains on the likelihood.</summary>
    /// <param name="simulator">One for which <see cref="IsKnown"/>.</param>
    /// <param name="x">One observation.</param>
    /// <param name="observation">Its index, which names its random numbers.</param>
    /// <param name="bins">Cells per dimension.</param>
    /// <param name="settings">Number and length of the chains.</param>
    /// <param name="threads">At most so many at once; the result does not depend on it.</param>
    /// <param name="stop">Checked often.</param>
    public static SparseHistogram Joint(
        ISimulator simulator, ReadOnlySpan<float> x, int observation, int bins, ChainSettings settings, int threads,
        CancellationToken stop) =>
        IsKnown(simulator)
            ? new LikelihoodChains<SlcpLikelihood>(simulator, settings, bins).Draw(x.ToArray(), observation, threads, stop)
            : throw NotKnown(simulator);

    private static ArgumentException NotKnown(ISimulator simulator) =>
        new($"the posterior of {simulator.PlainName} is not known", nameof(simulator));
}
