using System.Runtime.Intrinsics;
using Amnre.Engine.Distributions;
using Amnre.Engine.Randomness;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.BenchmarkTasks;

/// <summary>θ ~ U(−1, 1)²; a ~ U(−π/2, π/2), r ~ N(0.1, 0.01²), x = (r cos a + 0.25 − |θ₁ + θ₂|/√2, r sin a + (θ₂ − θ₁)/√2).</summary>
internal sealed class TwoMoons() : BenchmarkTask<TwoMoons.Noise>(
    "two-moons", new IndependentPrior(Marginal.Uniform(-1, 1), Marginal.Uniform(-1, 1)))
{
    private const double Radius = 0.1, Deviation = 0.01, Shift = 0.25;

    /// <summary>The density of (r, a) over that of the plane, 1/(πR); the original's own function lacks this factor.</summary>
    public override double LogLikelihood(ReadOnlySpan<float> theta, ReadOnlySpan<float> x)
    {
        var root = Math.Sqrt(0.5);
        var u = x[0] + Math.Abs((double)theta[0] + theta[1]) * root - Shift;
        var v = x[1] - ((double)theta[1] - theta[0]) * root;
        if (!(u > 0)) return double.NegativeInfinity;
        var radius = Math.Sqrt(u * u + v * v);
        var z = (radius - Radius) / Deviation;
        return -0.5 * z * z - Math.Log(Deviation * Math.Sqrt(2 * Math.PI)) - Math.Log(Math.PI * radius);
    }

    internal readonly struct Noise : ILaneObserver
    {
        public static int ParameterCount => 2;

        public static int ObservedCount => 2;

        /// <summary>Three words a row: the angle, and a normal.</summary>
        public static void Observe(ref RowWords words, ReadOnlySpan<Vector256<float>> theta, Span<Vector256<float>> x)
        {
            // Half a turn, from a quarter turn before 0.
            ReproducibleMath.SinCos((words.Next() >>> 1) - Vector256.Create(1u << 30), out var sin, out var cos);
            NormalPair.From(words.Next(), words.Next(), out var z, out _);
            var radius = Vector256.FusedMultiplyAdd(z, Vector256.Create((float)Deviation), Vector256.Create((float)Radius));
            var root = Vector256.Create((float)Math.Sqrt(0.5));
            x[0] = radius * cos + Vector256.Create((float)Shift) - Vector256.Abs(theta[0] + theta[1]) * root;
            x[1] = Vector256.FusedMultiplyAdd(theta[1] - theta[0], root, radius * sin);
        }
    }
}
