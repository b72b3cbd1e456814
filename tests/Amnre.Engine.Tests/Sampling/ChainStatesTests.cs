using Amnre.Engine.Randomness;
using Amnre.Engine.Sampling;

namespace Amnre.Engine.Tests.Sampling;

/// <summary>Chains x' = ρ x + √(1 − ρ²) z, whose states are worth (1 − ρ) / (1 + ρ) of as many independent ones.</summary>
public sealed class ChainStatesTests
{
    private const int Chains = 1024, Steps = 2000;

    [Theory]
    [InlineData(-0.5)]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(0.98)]
    public void States_are_worth_what_their_correlation_leaves(double correlation)
    {
        var wanted = Math.Min(1, (1 - correlation) / (1 + correlation)) * Chains * Steps;

        Assert.InRange(Run(correlation, apart: 0, offset: 1000).EffectiveSize(started: 50), 0.85 * wanted, 1.15 * wanted);
    }

    /// <summary>Chains that stay where they were started are worth what they were started from.</summary>
    [Fact]
    public void Chains_that_stay_in_their_modes_are_worth_their_starts() =>
        Assert.Equal(50, Run(0.5, apart: 30, offset: 0).EffectiveSize(started: 50));

    private static ChainStates Run(double correlation, double apart, double offset)
    {
        var random = new CounterRandom(17, RandomPurpose.Chains, 0);
        var (states, x, seen) = (new ChainStates(Chains, 2), new double[Chains], new float[2 * Chains]);
        for (var i = 0; i < Chains; i++) x[i] = random.NextNormal();
        for (var step = 0; step < Steps; step++)
        {
            for (var i = 0; i < Chains; i++)
            {
                x[i] = correlation * x[i] + Math.Sqrt(1 - correlation * correlation) * random.NextNormal();
                seen[2 * i] = (float)random.NextNormal();
                seen[2 * i + 1] = (float)(offset + x[i] + apart * (i % 2));
            }

            states.Add(seen);
        }

        return states;
    }
}
