using System.Runtime.Intrinsics;
using Amnre.Engine.Distributions;
using Amnre.Engine.Randomness;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.BenchmarkTasks;

/// <summary>Prey u′ = αu − βuw from 30 and predators w′ = −γw + δuw from 1, both observed at times 0, 2.1, …, 18.9 with
/// ln x ~ N(ln clamp(u, 10⁻¹⁰, 10⁴), 0.1²). ln α, ln γ ~ N(−0.125, 0.5²); ln β, ln δ ~ N(−3, 0.5²).</summary>
internal sealed class LotkaVolterra() : BenchmarkTask<LotkaVolterra.Counts>(
    "lotka-volterra",
    new IndependentPrior(
        Marginal.LogNormal(-0.125, 0.5), Marginal.LogNormal(-3, 0.5), Marginal.LogNormal(-0.125, 0.5), Marginal.LogNormal(-3, 0.5)),
    ["α", "β", "γ", "δ"], [2, Times]), IBatchLikelihood
{
    public const int Times = 10;

    private const double Spacing = 2.1, Deviation = 0.1;

    /// <summary>ln 10⁻¹⁰ and ln 10⁴.</summary>
    private const double Least = -23.025850929940457, Most = 9.2103403719761836;

    public override double LogLikelihood(ReadOnlySpan<float> theta, ReadOnlySpan<float> x)
    {
        Span<double> result = stackalloc double[1];
        LogLikelihoods(theta, x, result);
        return result[0];
    }

    public void LogLikelihoods(ReadOnlySpan<float> theta, ReadOnlySpan<float> x, Span<double> result)
    {
        Span<Vector256<double>> logs = stackalloc Vector256<double>[2 * Times];
        Span<double> observed = stackalloc double[2 * Times];
        var constant = 0.0;
        for (var i = 0; i < observed.Length; i++)
        {
            observed[i] = Math.Log(x[i]);
            constant -= observed[i] + Math.Log(Deviation * Math.Sqrt(2 * Math.PI));
        }

        for (var row = 0; row < result.Length; row += 4)
        {
            Solve(
                PairLanes.Gather(theta, row, 0, 4), PairLanes.Gather(theta, row, 1, 4), PairLanes.Gather(theta, row, 2, 4),
                PairLanes.Gather(theta, row, 3, 4), logs);
            var squares = Vector256<double>.Zero;
            for (var i = 0; i < observed.Length; i++)
            {
                var rest = Vector256.Create(observed[i]) - logs[i];
                squares = Vector256.FusedMultiplyAdd(rest, rest, squares);
            }

            for (var lane = 0; lane < Math.Min(4, result.Length - row); lane++)
                result[row + lane] = constant - squares[lane] / (2 * Deviation * Deviation);
        }
    }

    /// <summary>Logarithms of prey, then predators, at the times observed, of four rows; within the bounds.</summary>
    internal static void Solve(
        Vector256<double> alpha, Vector256<double> beta, Vector256<double> gamma, Vector256<double> delta, Span<Vector256<double>> logs)
    {
        logs[0] = Vector256.Create(3.4011973816621554); // ln 30
        logs[Times] = Vector256<double>.Zero;
        PairOde.Solve(new Ode(alpha, beta, gamma, delta), Spacing, logs[..Times], logs[Times..]);
        foreach (ref var value in logs)
            value = Vector256.Min(Vector256.Max(value, Vector256.Create(Least)), Vector256.Create(Most));
    }

    /// <summary>In logarithms: a′ = α − βe^b, b′ = δe^a − γ.</summary>
    private readonly struct Ode(
        Vector256<double> alpha, Vector256<double> beta, Vector256<double> gamma, Vector256<double> delta) : IPairOde
    {
        public void Rates(Vector256<double> a, Vector256<double> b, out Vector256<double> da, out Vector256<double> db)
        {
            da = Vector256.FusedMultiplyAdd(-beta, ReproducibleMath.Exp(b), alpha);
            db = Vector256.FusedMultiplyAdd(delta, ReproducibleMath.Exp(a), -gamma);
        }

        public Vector256<double> Fastest(Vector256<double> a, Vector256<double> b) => Vector256.Max(
            Vector256.Max(alpha, gamma), Vector256.Max(beta * ReproducibleMath.Exp(b), delta * ReproducibleMath.Exp(a)));
    }

    internal readonly struct Counts : ILaneObserver
    {
        public static int ParameterCount => 4;

        public static int ObservedCount => 2 * Times;

        public static void Observe(ref RowWords words, ReadOnlySpan<Vector256<float>> theta, Span<Vector256<float>> x)
        {
            Span<Vector256<double>> lower = stackalloc Vector256<double>[2 * Times];
            Span<Vector256<double>> upper = stackalloc Vector256<double>[2 * Times];
            var (alpha1, alpha2) = Vector256.Widen(theta[0]);
            var (beta1, beta2) = Vector256.Widen(theta[1]);
            var (gamma1, gamma2) = Vector256.Widen(theta[2]);
            var (delta1, delta2) = Vector256.Widen(theta[3]);
            Solve(alpha1, beta1, gamma1, delta1, lower);
            Solve(alpha2, beta2, gamma2, delta2, upper);
            for (var i = 0; i < x.Length; i += 2)
            {
                NormalPair.From(words.Next(), words.Next(), out var first, out var second);
                x[i] = Noisy(lower[i], upper[i], first);
                x[i + 1] = Noisy(lower[i + 1], upper[i + 1], second);
            }
        }

        private static Vector256<float> Noisy(Vector256<double> lower, Vector256<double> upper, Vector256<float> normal)
        {
            var (first, second) = Vector256.Widen(normal);
            return Vector256.Narrow(
                ReproducibleMath.Exp(Vector256.FusedMultiplyAdd(first, Vector256.Create(Deviation), lower)),
                ReproducibleMath.Exp(Vector256.FusedMultiplyAdd(second, Vector256.Create(Deviation), upper)));
        }
    }
}
