using System.Runtime.Intrinsics;
using Amnre.Engine.Distributions;
using Amnre.Engine.Randomness;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.BenchmarkTasks;

/// <summary>Four points of N((θ₁, θ₂), S) with S = [[s₁² + ε, ρs₁s₂], [ρs₁s₂, s₂² + ε]], s₁ = θ₃², s₂ = θ₄², ρ = tanh θ₅ and ε = 1e-6;
/// θ ~ U(−3, 3)⁵. <see cref="Slcp"/> has another floor.</summary>
internal readonly struct SlcpPoints : ILaneObserver
{
    public const int Size = 5, Values = 8;

    private const double Floor = 1e-6;

    public static int ParameterCount => Size;

    public static int ObservedCount => Values;

    public static IndependentPrior Prior() => new([.. Enumerable.Repeat(Marginal.Uniform(-3, 3), Size)]);

    /// <summary>Each pair of words gives the two normals of one point.</summary>
    public static void Observe(ref RowWords words, ReadOnlySpan<Vector256<float>> theta, Span<Vector256<float>> x)
    {
        var (s1, s2, floor) = (theta[2] * theta[2], theta[3] * theta[3], Vector256.Create((float)Floor));
        // tanh a = (1−e)/(1+e) and 1/cosh a = 2t/(1+e) with t = exp(−|a|), e = t²: nothing cancels.
        var t = ReproducibleMath.Exp(-Vector256.Abs(theta[4]));
        var e = t * t;
        var one = Vector256<float>.One;
        var rho = ((one - e) / (one + e)) ^ (theta[4] & Vector256.Create(-0f));
        var rest = (t + t) / (one + e);
        var variance1 = s1 * s1 + floor;
        var l11 = Vector256.Sqrt(variance1);
        var l21 = rho * s1 * s2 / l11;
        var l22 = Vector256.Sqrt(rest * s2 * (rest * s2) + floor + rho * s2 * (rho * s2) * (floor / variance1));
        for (var i = 0; i < Values; i += 2)
        {
            NormalPair.From(words.Next(), words.Next(), out var z1, out var z2);
            x[i] = Vector256.FusedMultiplyAdd(l11, z1, theta[0]);
            x[i + 1] = Vector256.FusedMultiplyAdd(l22, z2, Vector256.FusedMultiplyAdd(l21, z1, theta[1]));
        }
    }

    public static double LogLikelihood(ReadOnlySpan<float> theta, ReadOnlySpan<float> x)
    {
        var (s1, s2) = ((double)theta[2] * theta[2], (double)theta[3] * theta[3]);
        var (rho, rest) = (Math.Tanh(theta[4]), 1 / Math.Cosh(theta[4]));
        var variance1 = s1 * s1 + Floor;
        var l11 = Math.Sqrt(variance1);
        var l21 = rho * s1 * s2 / l11;
        var l22 = Math.Sqrt(rest * s2 * (rest * s2) + Floor + rho * s2 * (rho * s2) * (Floor / variance1));
        var sum = -Values / 2 * Math.Log(2 * Math.PI * l11 * l22);
        for (var i = 0; i < Values; i += 2)
        {
            var u = ((double)x[i] - theta[0]) / l11;
            var v = ((double)x[i + 1] - theta[1] - l21 * u) / l22;
            sum -= 0.5 * (u * u + v * v);
        }

        return sum;
    }
}

/// <summary>The benchmark's SLCP.</summary>
internal sealed class BenchmarkSlcp() : BenchmarkTask<SlcpPoints>("slcp", SlcpPoints.Prior(), labels: null, shape: [4, 2])
{
    public override double LogLikelihood(ReadOnlySpan<float> theta, ReadOnlySpan<float> x) => SlcpPoints.LogLikelihood(theta, x);
}

/// <summary>The same with 92 values of noise, in an order that hides which are which.</summary>
internal sealed class SlcpDistractors() : BenchmarkTask<DistractedPoints>("slcp-distractors", SlcpPoints.Prior())
{
    /// <summary>Without the density of the noise, which no parameter changes.</summary>
    public override double LogLikelihood(ReadOnlySpan<float> theta, ReadOnlySpan<float> x)
    {
        Span<float> points = stackalloc float[SlcpPoints.Values];
        DistractorTables.Points(x, points);
        return SlcpPoints.LogLikelihood(theta, points);
    }
}
