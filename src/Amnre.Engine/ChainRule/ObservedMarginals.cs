using Amnre.Engine.Masks;
using Amnre.Engine.Posteriors;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.ChainRule;

/// <summary>An estimate at one observation, and its marginals of single parameters, each measured once: summaries, checks and draws by the
/// chain rule start from the same.</summary>
/// <param name="simulator">Gives the prior.</param>
/// <param name="posterior">The estimate.</param>
/// <param name="x">The observation, as the estimator takes it.</param>
internal sealed class ObservedMarginals(ISimulator simulator, IMarginalPosterior posterior, float[] x)
{
    private readonly Dictionary<int, KnotDensity?> _known = [];

    public ISimulator Simulator => simulator;

    public IMarginalPosterior Posterior => posterior;

    public float[] X => x;

    /// <summary>The marginal at its knots; null where the estimator does not know the parameter alone.</summary>
    public KnotDensity? Knots(int parameter)
    {
        if (_known.TryGetValue(parameter, out var found)) return found;
        var mask = new ParameterMask(1u << parameter, simulator.ThetaSize);
        return _known[parameter] = posterior.Covers(mask)
            ? MarginalKnots.Of(posterior, mask, PriorQuantiles.Of(simulator, parameter), x)
            : null;
    }

    /// <inheritdoc cref="Knots"/>
    public MarginalPoints? Points(int parameter) => Knots(parameter) is { } knots ? MarginalPoints.Of(simulator, parameter, knots) : null;
}
