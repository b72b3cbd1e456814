using Amnre.Engine.Draws;
using Amnre.Engine.Inference;
using Amnre.Engine.Masks;
using Amnre.Engine.Tests.ChainRule;

namespace Amnre.Engine.Tests.Draws;

/// <summary>A classifier cannot tell draws by the chain rule from those of chains of a posterior that is known.</summary>
public sealed class WaysAgreeTests
{
    /// <summary>The accuracy over 2 × 8000 rows has a standard error of 0.5 / √16000 = 0.004, so that 0.01 is two and a half of them.
    /// Chains' states are worth a half of as many independent ones, which moves means by 0.02 deviations: another 0.004.</summary>
    private const int Count = 8000;

    private const int Size = 3;

    private static readonly ParameterMask Full = ParameterMask.Full(Size);

    [Fact]
    public void The_chain_rule_and_chains_draw_the_same()
    {
        Assert.InRange(Accuracy(new NormalEstimate(Size, 0.8)), 0.49, 0.51);
    }

    /// <summary>So the test above can fail: deviations too small by a tenth are seen.</summary>
    [Fact]
    public void A_posterior_a_tenth_too_narrow_is_told_apart()
    {
        Assert.InRange(Accuracy(new NormalEstimate(Size, 0.8), narrower: 0.9f), 0.515, 1);
    }

    private static double Accuracy(NormalEstimate exact, float narrower = 1)
    {
        var chainsOnly = new NormalEstimate(Size, 0.8) { Known = mask => mask == Full };
        var rule = JointDraws.Of(new(exact, exact, [0]), Full, Count, 5, 0, RunContexts.Quiet);
        var chains = JointDraws.Of(new(chainsOnly, chainsOnly, [0]), Full, Count, 6, 0, RunContexts.Quiet);
        Assert.Equal(("chain rule", "chains"), (rule.Way, chains.Way));
        Assert.InRange(chains.EffectiveSize, Count / 3, Count);
        for (var i = 0; i < rule.Theta.Length; i++)
            rule.Theta[i] = (float)(exact.Mean[i % Size] + narrower * (rule.Theta[i] - exact.Mean[i % Size]));
        return ClassifierTwoSampleTest.Accuracy(chains.Theta, rule.Theta, Size, 1, 2, TestContext.Current.CancellationToken);
    }
}
