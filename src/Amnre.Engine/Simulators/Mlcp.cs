using System.Runtime.Intrinsics;
using Amnre.Engine.Distributions;
using Amnre.Engine.Masks;
using Amnre.Engine.Randomness;

namespace Amnre.Engine.Simulators;

/// <summary>Mixture likelihood, complex posterior: theta uniform on [−3, 3)⁸, x eight independent points of
/// p N(d·R₁, Σ₁) + (1−p) N(d·R₂, Σ₂).</summary>
/// <remarks>R₁, R₂ are the first two rows, cut to two columns, of the rotation R = R_z(α) R_y(β) R_x(γ) with sin α = σ(θ₁),
/// cos β = σ(θ₂), tan γ = tanh θ₃ and σ the logistic function; d = θ₄² + 1; Σ₁ is the covariance of SLCP with
/// s₁ = θ₅² + 1e-8, s₂ = θ₆² + 1e-8, ρ = tanh θ₇; Σ₂ = diag(1/(s₁+1), 1/(s₂+1)); p = σ(θ₈).</remarks>
internal sealed class Mlcp : ITractableSimulator, IConditionalSimulator, ILaneKernel
{
    public const int Points = 8;

    private const float Bound = 3f;

    private readonly IndependentPrior _prior = IndependentPrior.Uniform(
        [.. Enumerable.Repeat(-Bound, ParameterCount)], [.. Enumerable.Repeat(Bound, ParameterCount)]);

    public static int ParameterCount => 8;

    public static int ObservedCount => 2 * Points;

    public string Name => "MLCP";

    public IReadOnlyList<string> Labels { get; } = ParameterLabels.Indexed(ParameterCount);

    public IReadOnlyList<float> Low => _prior.Low;

    public IReadOnlyList<float> High => _prior.High;

    public IReadOnlyList<int> ObservationShape { get; } = [Points, 2];

    public void Sample(ulong seed, long firstRow, Span<float> theta, Span<float> x) =>
        LaneSampling.Fill<Mlcp>(seed, firstRow, theta, x);

    public void Observe(ulong seed, long firstRow, ReadOnlySpan<float> theta, Span<float> x) =>
        LaneSampling.Observe<Mlcp>(seed, firstRow, theta, x);

    public double LogPrior(ParameterMask mask, ReadOnlySpan<float> theta) => _prior.LogDensity(mask, theta);

    public double LogLikelihood(ReadOnlySpan<float> theta, ReadOnlySpan<float> x)
    {
        var sinA = Logistic(theta[0]);
        var cosA = Math.Sqrt(1 - sinA * sinA);
        var cosB = Logistic(theta[1]);
        var sinB = Math.Sqrt(1 - cosB * cosB);
        var tanG = Math.Tanh(theta[2]);
        var cosG = 1 / Math.Sqrt(1 + tanG * tanG);
        var sinG = tanG * cosG;
        var d = (double)theta[3] * theta[3] + 1;
        var (a1, a2) = (d * cosA * cosB, d * (cosA * sinB * sinG - sinA * cosG));
        var (b1, b2) = (d * sinA * cosB, d * (sinA * sinB * sinG + cosA * cosG));

        var s1 = (double)theta[4] * theta[4] + 1e-8;
        var s2 = (double)theta[5] * theta[5] + 1e-8;
        var rho = Math.Tanh(theta[6]);
        var rest = 1 / Math.Cosh(theta[6]);
        var p = Logistic(theta[7]);
        var logA = Math.Log(p / (2 * Math.PI * s1 * s2 * rest));
        var logB = Math.Log((1 - p) * Math.Sqrt((s1 + 1) * (s2 + 1)) / (2 * Math.PI));

        var sum = 0.0;
        for (var point = 0; point < Points; point++)
        {
            double x1 = x[2 * point], x2 = x[2 * point + 1];
            var u = (x1 - a1) / s1;
            var v = ((x2 - a2) / s2 - rho * u) / rest;
            var first = logA - 0.5 * (u * u + v * v);
            var second = logB - 0.5 * ((x1 - b1) * (x1 - b1) * (s1 + 1) + (x2 - b2) * (x2 - b2) * (s2 + 1));
            var high = Math.Max(first, second);
            sum += high + Math.Log(Math.Exp(first - high) + Math.Exp(second - high));
        }

        return sum;
    }

    /// <summary>Words 0–7 of a row.</summary>
    public static void Draw(ref RowWords words, Span<Vector256<float>> theta)
    {
        for (var i = 0; i < ParameterCount; i++)
            theta[i] = Vector256.FusedMultiplyAdd(words.NextUnit(), Vector256.Create(2 * Bound), Vector256.Create(-Bound));
    }

    /// <summary>Three words a point: the component, and the two normals.</summary>
    public static void Observe(ref RowWords words, ReadOnlySpan<Vector256<float>> theta, Span<Vector256<float>> x)
    {
        var one = Vector256<float>.One;
        var sinA = Logistic(theta[0]);
        var cosA = Vector256.Sqrt(one - sinA * sinA);
        var cosB = Logistic(theta[1]);
        var sinB = Vector256.Sqrt(one - cosB * cosB);
        var tanG = Tanh(theta[2]);
        var cosG = one / Vector256.Sqrt(one + tanG * tanG);
        var sinG = tanG * cosG;
        var d = theta[3] * theta[3] + one;
        Slcp.Scale first = new([d * cosA * cosB, d * (cosA * sinB * sinG - sinA * cosG), theta[4], theta[5], theta[6]]);

        var (b1, b2) = (d * sinA * cosB, d * (sinA * sinB * sinG + cosA * cosG));
        var scale1 = one / Vector256.Sqrt(theta[4] * theta[4] + Vector256.Create(1f + Slcp.Floor));
        var scale2 = one / Vector256.Sqrt(theta[5] * theta[5] + Vector256.Create(1f + Slcp.Floor));
        var p = Logistic(theta[7]);
        for (var point = 0; point < Points; point++)
        {
            var isFirst = Vector256.LessThan(words.NextUnit(), p);
            NormalPair.From(words.Next(), words.Next(), out var z1, out var z2);
            first.Observe(z1, z2, out var x1, out var x2);
            x[2 * point] = Vector256.ConditionalSelect(isFirst, x1, Vector256.FusedMultiplyAdd(scale1, z1, b1));
            x[2 * point + 1] = Vector256.ConditionalSelect(isFirst, x2, Vector256.FusedMultiplyAdd(scale2, z2, b2));
        }
    }

    private static double Logistic(double a) => 1 / (1 + Math.Exp(-a));

    private static Vector256<float> Logistic(Vector256<float> a) =>
        Vector256<float>.One / (Vector256<float>.One + ReproducibleMath.Exp(-a));

    private static Vector256<float> Tanh(Vector256<float> a)
    {
        var e = ReproducibleMath.Exp(a + a);
        return (e - Vector256<float>.One) / (e + Vector256<float>.One);
    }
}
