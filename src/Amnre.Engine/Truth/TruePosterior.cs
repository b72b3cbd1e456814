using Amnre.Engine.Histograms;
using Amnre.Engine.Masks;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Truth;

/// <summary>The posteriors that can be known without an estimator: those of simulators with a likelihood.</summary>
internal static class TruePosterior
{
    /// <summary>Largest number of parameters of a marginal that is known exactly.</summary>
    public const int LargestMask = 2;

    public static bool IsKnown(ISimulator simulator) => simulator is ITractableSimulator;

    /// <summary>Normalised histogram of a mask of one or two parameters without the noise of draws: in closed form, or by quadrature; null
    /// where neither is known.</summary>
    /// <param name="simulator">One for which <see cref="IsKnown"/>.</param>
    /// <param name="mask">Of one or two parameters.</param>
    /// <param name="x">One observation.</param>
    /// <param name="bins">Cells per dimension.</param>
    /// <param name="kept">Histograms found on the way for the same observation and cells; empty at first.</param>
    /// <param name="threads">At most so many at once; the result does not depend on it.</param>
    /// <param name="stop">Checked often.</param>
    public static Histogram? Marginal(
        ISimulator simulator, ParameterMask mask, ReadOnlySpan<float> x, int bins, Dictionary<ParameterMask, Histogram> kept, int threads,
        CancellationToken stop)
    {
        if (kept.TryGetValue(mask, out var found)) return found;
        IReadOnlyDictionary<ParameterMask, Histogram> all = simulator switch
        {
            Slcp => SlcpTruth.Marginals(x, bins),
            IClosedPosterior closed =>
                new Dictionary<ParameterMask, Histogram> { [mask] = ClosedTruth.Marginal(closed, mask, x, bins) },
            ITractableSimulator { ThetaSize: <= LargestMask } tractable => GridTruth.Marginals(tractable, x, bins, threads, stop),
            ITractableSimulator => new Dictionary<ParameterMask, Histogram>(),
            _ => throw NotKnown(simulator),
        };
        foreach (var (one, histogram) in all) kept[one] = histogram;
        return kept.GetValueOrDefault(mask);
    }

    /// <summary>The joint posterior of SLCP by chains on its likelihood.</summary>
    /// <param name="x">One observation.</param>
    /// <param name="observation">Its index, which names its random numbers.</param>
    /// <param name="bins">Cells per dimension.</param>
    /// <param name="settings">Number and length of the chains.</param>
    /// <param name="threads">At most so many at once; the result does not depend on it.</param>
    /// <param name="stop">Checked often.</param>
    public static SparseHistogram Joint(
        Slcp simulator, ReadOnlySpan<float> x, int observation, int bins, ChainSettings settings, int threads, CancellationToken stop) =>
        new LikelihoodChains<SlcpLikelihood>(simulator, settings, bins).Draw(x.ToArray(), observation, threads, stop);

    /// <summary>Draws of all parameters: independent where the posterior is known in closed form, else by annealing.</summary>
    /// <param name="simulator">One for which <see cref="IsKnown"/>.</param>
    /// <param name="x">One observation.</param>
    /// <param name="observation">Its index, which names its random numbers.</param>
    /// <param name="count">Draws.</param>
    /// <param name="seed">Names the draws.</param>
    /// <param name="threads">At most so many at once; the result does not depend on it.</param>
    /// <param name="stop">Checked often.</param>
    /// <exception cref="InputException">The observation is impossible under the simulator, or its likelihood infinite.</exception>
    public static TrueDraws Draws(
        ISimulator simulator, ReadOnlySpan<float> x, int observation, int count, ulong seed, int threads, CancellationToken stop) =>
        simulator switch
        {
            IClosedPosterior closed =>
                new TrueDraws(ClosedTruth.Draw(closed, x, observation, count, seed), 1, count, double.NaN, double.NaN, 0),
            ITractableSimulator tractable => TrueDraws.Of(tractable, x, observation, count, seed, threads, stop),
            _ => throw NotKnown(simulator),
        };

    private static ArgumentException NotKnown(ISimulator simulator) =>
        new($"the posterior of {simulator.PlainName} is not known", nameof(simulator));
}
