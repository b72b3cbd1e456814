using Amnre.Engine.Inference;
using Amnre.Engine.Randomness;

namespace Amnre.Engine.Tests.Inference;

/// <summary>Chains x' = ρ x + √(1 − ρ²) z, whose states are worth (1 − ρ) / (1 + ρ) of as many independent ones.</summary>
public sealed class ChainConvergenceTests
{
    private const int Chains = 16, Steps = 4000;

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void States_are_worth_what_their_correlation_leaves(double correlation)
    {
        var states = Draw(correlation, apart: 0);

        var wanted = Chains * Steps * (1 - correlation) / (1 + correlation);
        Assert.InRange(ChainConvergence.EffectiveSize(states, 0, 1), 0.85 * wanted, 1.15 * wanted);
        Assert.InRange(ChainConvergence.SplitRatio(states, 0, 1), 0.99, 1.02);
    }

    [Fact]
    public void Chains_that_stay_in_modes_of_their_own_are_found()
    {
        var states = Draw(0.5, apart: 3);

        Assert.True(ChainConvergence.SplitRatio(states, 0, 1) > 1.2);
        Assert.True(ChainConvergence.EffectiveSize(states, 0, 1) < 0.02 * Chains * Steps);
    }

    /// <param name="apart">Deviations between the modes of odd and even chains.</param>
    private static List<float[]> Draw(double correlation, double apart)
    {
        var random = new CounterRandom(11, RandomPurpose.Chains, 0);
        var (states, x) = (new List<float[]>(), new double[Chains]);
        for (var i = 0; i < Chains; i++) x[i] = random.NextNormal();
        for (var step = 0; step < Steps; step++)
        {
            for (var i = 0; i < Chains; i++) x[i] = correlation * x[i] + Math.Sqrt(1 - correlation * correlation) * random.NextNormal();
            states.Add([.. x.Select((value, i) => (float)(value + apart * (i % 2)))]);
        }

        return states;
    }
}
