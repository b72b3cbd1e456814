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
    /// <summary>Draws from which 95 % intervals and divergences can be told: a summary of fewer is of the draws, not of the
    /// posterior.</summary>
    public const int EnoughToDescribe = 4000;

    /// <summary>Draws of the same posterior to describe it by, (n, |mask|): <see cref="Theta"/>, or more where fewer than
    /// <see cref="EnoughToDescribe"/> were asked for.</summary>
    public float[] Describing { get; init; } = Theta;

    /// <summary>Draws of a posterior, and with them enough to describe it by, however few are asked for.</summary>
    /// <inheritdoc cref="ChainRuleDraws.Of"/>
    public static JointDraws Described(
        ObservedMarginals marginals, ParameterMask mask, int count, ulong seed, int observation, RunContext context)
    {
        if (count >= EnoughToDescribe) return Of(marginals, mask, count, seed, observation, context);
        var more = Of(marginals, mask, EnoughToDescribe, seed, observation, context);
        return more with
        {
            Theta = ChainDraws.Spread(more.Theta, mask.Count, count),
            EffectiveSize = ChainDraws.Worth(more.EffectiveSize, EnoughToDescribe, count),
            Describing = more.Theta,
        };
    }

    /// <summary>Draws of a posterior, by the chain rule where the estimator has the marginals that it takes, directly where it can, else by
    /// chains.</summary>
    /// <inheritdoc cref="ChainRuleDraws.Of"/>
    public static JointDraws Of(
        ObservedMarginals marginals, ParameterMask mask, int count, ulong seed, int observation, RunContext context) =>
        ChainRuleDraws.Of(marginals, mask, count, seed, observation, context) is { } drawn
            ? new JointDraws(drawn.Theta, "chain rule", drawn.EffectiveSize, null)
            : ChainDraws.Of(marginals.Simulator, marginals.Posterior, mask, marginals.X, count, seed, observation, context);
}
