using Amnre.Engine.ChainRule;
using Amnre.Engine.Masks;

namespace Amnre.Engine.Inference;

/// <summary>Draws of one posterior, all of the same weight.</summary>
/// <param name="Theta">(count, |mask|), row-major.</param>
/// <param name="Way"><c>chain rule</c>, <c>direct</c> or <c>chains</c>.</param>
/// <param name="EffectiveSize">Of how many independent draws they are worth.</param>
/// <param name="Warning">Why they should not be trusted; null where nothing speaks against them.</param>
internal sealed record JointDraws(float[] Theta, string Way, double EffectiveSize, string? Warning)
{
    /// <summary>Draws of a posterior, by the chain rule where the estimator has the marginals that it takes, directly where it can, else by
    /// chains.</summary>
    /// <inheritdoc cref="ChainRuleDraws.Of"/>
    public static JointDraws Of(
        ObservedMarginals marginals, ParameterMask mask, int count, ulong seed, int observation, RunContext context) =>
        ChainRuleDraws.Of(marginals, mask, count, seed, observation, context) is { } drawn
            ? new JointDraws(drawn.Theta, "chain rule", drawn.EffectiveSize, null)
            : ChainDraws.Of(marginals.Simulator, marginals.Posterior, mask, marginals.X, count, seed, observation, context);
}
