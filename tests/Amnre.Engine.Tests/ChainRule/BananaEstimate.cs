using Amnre.Engine.Distributions;
using Amnre.Engine.Masks;
using Amnre.Engine.Posteriors;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Tests.ChainRule;

/// <summary>θ₁ ~ N(0, ½²), θ₂ ~ N(2 θ₁² − ½, 0.3²), under an even prior that is wide enough. θ₂ alone is not known.</summary>
internal sealed class BananaEstimate : ISimulator, IMarginalPosterior
{
    private readonly IndependentPrior _prior = new(Marginal.Uniform(-2.5f, 2.5f), Marginal.Uniform(-2, 12));

    public string Name => "BANANA";

    public IReadOnlyList<string> Labels { get; } = ["a", "b"];

    public IReadOnlyList<float> Low => _prior.Low;

    public IReadOnlyList<float> High => _prior.High;

    public IReadOnlyList<int> ObservationShape { get; } = [1];

    public void Sample(ulong seed, long firstRow, Span<float> theta, Span<float> x) => throw new NotSupportedException();

    public double LogPrior(ParameterMask mask, ReadOnlySpan<float> theta) => _prior.LogDensity(mask, theta);

    public bool Covers(ParameterMask mask) => mask[0];

    public void LogDensity(ParameterMask mask, ReadOnlySpan<float> x, ReadOnlySpan<float> theta, Span<float> result)
    {
        for (var row = 0; row < result.Length; row++)
        {
            var a = theta[row * mask.Count];
            result[row] = Normal(a, 0, 0.5);
            if (mask.Count == 2) result[row] += Normal(theta[row * 2 + 1], 2 * a * a - 0.5, 0.3);
        }
    }

    public void Dispose()
    {
    }

    private static float Normal(double value, double mean, double deviation) =>
        (float)(-0.5 * Math.Pow((value - mean) / deviation, 2) - Math.Log(deviation) - 0.5 * Math.Log(2 * Math.PI));
}
