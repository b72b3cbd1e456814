using System.Runtime.Intrinsics;
using Amnre.Engine.Distributions;
using Amnre.Engine.Masks;
using Amnre.Engine.Randomness;

namespace Amnre.Engine.Simulators;

/// <summary>Simple likelihood, complex posterior: theta uniform on [−3, 3)⁵, x four independent points of
/// N((θ₁, θ₂), [[s₁², ρs₁s₂], [ρs₁s₂, s₂²]]) with s₁ = θ₃² + 1e-8, s₂ = θ₄² + 1e-8, ρ = tanh θ₅.
/// Papamakarios, Sterratt, Murray: Sequential neural likelihood (AISTATS 2019).</summary>
internal sealed class Slcp : ITractableSimulator, IConditionalSimulator, ILaneKernel
{
    /// <summary>Added to θ₃² and θ₄² so that no covariance is singular.</summary>
    public const float Floor = 1e-8f;

    /// <summary>Number of points observed.</summary>
    public const int Points = 4;

    private const float Bound = 3f;

    private readonly IndependentPrior _prior = IndependentPrior.Uniform(
        [.. Enumerable.Repeat(-Bound, ParameterCount)], [.. Enumerable.Repeat(Bound, ParameterCount)]);

    public static int ParameterCount => 5;

    public static int ObservedCount => 2 * Points;

    public string Name => "SLCP";

    public IReadOnlyList<string> Labels { get; } = ParameterLabels.Indexed(ParameterCount);

    public IReadOnlyList<float> Low => _prior.Low;

    public IReadOnlyList<float> High => _prior.High;

    public IReadOnlyList<int> ObservationShape { get; } = [Points, 2];

    public void Sample(ulong seed, long firstRow, Span<float> theta, Span<float> x) =>
        LaneSampling.Fill<Slcp>(seed, firstRow, theta, x);

    public void Observe(ulong seed, long firstRow, ReadOnlySpan<float> theta, Span<float> x) =>
        LaneSampling.Observe<Slcp>(seed, firstRow, theta, x);

    public double LogPrior(ParameterMask mask, ReadOnlySpan<float> theta) => _prior.LogDensity(mask, theta);

    public double LogLikelihood(ReadOnlySpan<float> theta, ReadOnlySpan<float> x)
    {
        var s1 = (double)theta[2] * theta[2] + 1e-8;
        var s2 = (double)theta[3] * theta[3] + 1e-8;
        var rho = Math.Tanh(theta[4]);
        var rest = 1 / Math.Cosh(theta[4]);
        var sum = -Points * Math.Log(2 * Math.PI * s1 * s2 * rest);
        for (var point = 0; point < Points; point++)
        {
            var u = ((double)x[2 * point] - theta[0]) / s1;
            var v = (((double)x[2 * point + 1] - theta[1]) / s2 - rho * u) / rest;
            sum -= 0.5 * (u * u + v * v);
        }

        return sum;
    }

    /// <summary>Words 0–4 of a row.</summary>
    public static void Draw(ref RowWords words, Span<Vector256<float>> theta)
    {
        for (var i = 0; i < ParameterCount; i++)
            theta[i] = Vector256.FusedMultiplyAdd(words.NextUnit(), Vector256.Create(2 * Bound), Vector256.Create(-Bound));
    }

    /// <summary>Each pair of words gives the two normals of one point.</summary>
    public static void Observe(ref RowWords words, ReadOnlySpan<Vector256<float>> theta, Span<Vector256<float>> x)
    {
        var scale = new Scale(theta);
        for (var point = 0; point < Points; point++)
        {
            NormalPair.From(words.Next(), words.Next(), out var z1, out var z2);
            scale.Observe(z1, z2, out x[2 * point], out x[2 * point + 1]);
        }
    }

    /// <summary>Mean and Cholesky factor [[s₁, 0], [ρs₂, √(1−ρ²)s₂]] of a point, of eight rows.</summary>
    internal readonly struct Scale
    {
        private readonly Vector256<float> _m1, _m2, _l11, _l21, _l22;

        public Scale(ReadOnlySpan<Vector256<float>> theta)
        {
            (_m1, _m2) = (theta[0], theta[1]);
            _l11 = Vector256.FusedMultiplyAdd(theta[2], theta[2], Vector256.Create(Floor));
            var s2 = Vector256.FusedMultiplyAdd(theta[3], theta[3], Vector256.Create(Floor));

            // tanh a = (1−e)/(1+e) and 1/cosh a = 2t/(1+e) with t = exp(−|a|), e = t²: nothing cancels.
            var t = ReproducibleMath.Exp(-Vector256.Abs(theta[4]));
            var e = t * t;
            var half = s2 / (Vector256<float>.One + e);
            var sign = theta[4] & Vector256.Create(-0f);
            _l21 = ((Vector256<float>.One - e) * half) ^ sign;
            _l22 = (t + t) * half;
        }

        public void Observe(Vector256<float> z1, Vector256<float> z2, out Vector256<float> x1, out Vector256<float> x2)
        {
            x1 = Vector256.FusedMultiplyAdd(_l11, z1, _m1);
            x2 = Vector256.FusedMultiplyAdd(_l22, z2, Vector256.FusedMultiplyAdd(_l21, z1, _m2));
        }

        /// <summary>Σ log N(point | mean, covariance) without its constant.</summary>
        /// <param name="x">(points, 2), row-major.</param>
        public Vector256<float> LogDensity(ReadOnlySpan<float> x)
        {
            var (inverse1, inverse2) = (Vector256<float>.One / _l11, Vector256<float>.One / _l22);
            var squares = Vector256<float>.Zero;
            for (var i = 0; i < x.Length; i += 2)
            {
                var z1 = (Vector256.Create(x[i]) - _m1) * inverse1;
                var z2 = (Vector256.Create(x[i + 1]) - _m2 - _l21 * z1) * inverse2;
                squares = Vector256.FusedMultiplyAdd(z1, z1, Vector256.FusedMultiplyAdd(z2, z2, squares));
            }

            var points = Vector256.Create(-0.5f * x.Length);
            return Vector256.FusedMultiplyAdd(points, ReproducibleMath.Log(_l11 * _l22), squares * -0.5f);
        }
    }
}
