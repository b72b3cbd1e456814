using Amnre.Engine.Evaluation;
using Amnre.Engine.Masks;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Truth;

/// <summary>The marginals that are known exactly.</summary>
internal static class TruePosterior
{
    /// <summary>Largest number of parameters of a marginal that is known exactly.</summary>
    public const int LargestMask = 2;

    public static bool IsKnown(ISimulator simulator) => simulator is Slcp;

    /// <summary>Normalised histograms of all masks of one or two parameters.</summary>
    /// <param name="simulator">One for which <see cref="IsKnown"/>.</param>
    /// <param name="x">One observation.</param>
    /// <param name="bins">Cells per dimension.</param>
    public static IReadOnlyDictionary<ParameterMask, Histogram> Marginals(ISimulator simulator, ReadOnlySpan<float> x, int bins) =>
        IsKnown(simulator)
            ? SlcpTruth.Marginals(x, bins)
            : throw new ArgumentException($"the posterior of {simulator.Name} is not known", nameof(simulator));
}
