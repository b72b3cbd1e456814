using Amnre.Engine.Distributions;
using Amnre.Engine.Masks;
using Amnre.Engine.Posteriors;

namespace Amnre.Engine.Tests.Verdicts;

/// <summary>θ ~ N(0, I₂), x = (|θ₀|, θ₁) + σz: the posterior of θ₀ has two modes, and is known.</summary>
internal sealed class SignlessStudy() : LinearStudy(2, 2, Noise, 0)
{
    public const double Noise = 0.4;

    protected override double Expected(ReadOnlySpan<float> theta, int value) => value == 0 ? Math.Abs(theta[0]) : theta[1];
}

/// <summary>Its exact posterior, or one that gives the negative mode less than its half.</summary>
internal sealed class SignlessModel(double negative = 0.5) : IMarginalPosterior
{
    private const double Variance = SignlessStudy.Noise * SignlessStudy.Noise;

    public bool Covers(ParameterMask mask) => mask.Count > 0;

    public void LogDensity(ParameterMask mask, ReadOnlySpan<float> x, ReadOnlySpan<float> theta, Span<float> result)
    {
        var (size, rows) = (mask.Count, theta.Length / mask.Count);
        for (var observation = 0; observation < x.Length / 2; observation++)
        {
            for (var row = 0; row < rows; row++)
            {
                var log = 0.0;
                if (mask[0]) log += Signless(theta[row * size], x[observation * 2]);
                var other = x[observation * 2 + 1] / (1 + Variance);
                if (mask[1]) log += LogNormal(theta[row * size + size - 1], other, Variance / (1 + Variance));
                result[observation * rows + row] = (float)log;
            }
        }
    }

    public void Dispose()
    {
    }

    private double Signless(double theta, double x)
    {
        // On either side the posterior of θ₁'s kind, cut at 0.
        var (mean, variance) = (x / (1 + Variance), Variance / (1 + Variance));
        var inside = NormalTail.Between(-mean / Math.Sqrt(variance), 40);
        return LogNormal(Math.Abs(theta), mean, variance) - Math.Log(inside) + Math.Log(theta < 0 ? negative : 1 - negative);
    }

    private static double LogNormal(double value, double mean, double variance) =>
        -0.5 * ((value - mean) * (value - mean) / variance + Math.Log(2 * Math.PI * variance));
}
