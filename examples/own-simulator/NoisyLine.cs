using Amnre.Engine.Distributions;
using Amnre.Engine.Masks;
using Amnre.Engine.Randomness;
using Amnre.Engine.Simulators;

namespace OwnSimulator;

/// <summary>Five points of a line, each with normal noise: x_i = a + b·i/4 + σ·z_i.</summary>
public sealed class NoisyLine : ISimulator
{
    private readonly IndependentPrior _prior = new(Marginal.Uniform(-2, 2), Marginal.Normal(0, 1), Marginal.LogUniform(0.05f, 1));

    public string Name => "NoisyLine";

    public IReadOnlyList<string> Labels { get; } = ["a", "b", "σ"];

    public IReadOnlyList<float> Low => _prior.Low;

    public IReadOnlyList<float> High => _prior.High;

    public IReadOnlyList<int> ObservationShape { get; } = [5];

    public void Sample(ulong seed, long firstRow, Span<float> theta, Span<float> x)
    {
        for (var row = 0; row < theta.Length / 3; row++)
        {
            // The row's own random numbers: it comes out the same in any shard, on any worker.
            var random = new CounterRandom(seed, RandomPurpose.Rows, (ulong)(firstRow + row));
            var t = theta.Slice(3 * row, 3);
            _prior.Draw(ref random, t);
            for (var i = 0; i < 5; i++) x[5 * row + i] = t[0] + t[1] * i / 4 + t[2] * (float)random.NextNormal();
        }
    }

    public double LogPrior(ParameterMask mask, ReadOnlySpan<float> theta) => _prior.LogDensity(mask, theta);
}
