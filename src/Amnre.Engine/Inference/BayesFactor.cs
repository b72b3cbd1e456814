using Amnre.Engine.Masks;
using Amnre.Engine.Posteriors;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Inference;

/// <summary>How much an observation speaks for a nested model, in which one parameter has a value, against the model in which it is free
/// with its prior: the posterior's density at the value over the prior's. Dickey and Lientz, The weighted likelihood ratio, sharp
/// hypotheses about chances, the order of a Markov chain (1970).</summary>
/// <param name="Name">The parameter.</param>
/// <param name="Value">Its value in the nested model.</param>
/// <param name="Log">Natural logarithm of the factor: above 0 for the nested model.</param>
public sealed record BayesFactor(string Name, double Value, double Log)
{
    /// <param name="simulator">Gives the prior, in whose support the value lies.</param>
    /// <param name="posterior">Covers the parameter alone.</param>
    /// <param name="parameter">The parameter.</param>
    /// <param name="value">Its value.</param>
    /// <param name="x">One observation, as the estimator takes it.</param>
    /// <param name="total">The marginal's total probability, by which its density is divided.</param>
    internal static BayesFactor Of(
        ISimulator simulator, IMarginalPosterior posterior, int parameter, float value, ReadOnlySpan<float> x, double total)
    {
        var (mask, log) = (new ParameterMask(1u << parameter, simulator.ThetaSize), new float[1]);
        posterior.LogDensity(mask, x, [value], log);
        return new BayesFactor(simulator.Labels[parameter], value, log[0] - simulator.LogPrior(mask, [value]) - Math.Log(total));
    }
}
