using System.Runtime.Intrinsics;
using Amnre.Engine.Distributions;
using Amnre.Engine.Randomness;
using Amnre.Engine.Simulators;
using MathNet.Numerics;

namespace Amnre.Engine.BenchmarkTasks;

/// <summary>Susceptible, infected, removed: S′ = −βSI/N, I′ = βSI/N − γI from one infected of a million; x_i ~ Binomial(1000, I/N) at days
/// 0, 17, …, 153. ln β ~ N(ln 0.4, 0.5²), ln γ ~ N(ln 0.125, 0.2²).</summary>
internal sealed class Epidemic() : BenchmarkTask<Epidemic.Counts>(
    "sir", new IndependentPrior(Marginal.LogNormal(Math.Log(0.4), 0.5), Marginal.LogNormal(Math.Log(0.125), 0.2)), ["β", "γ"]),
    IBatchLikelihood
{
    public const int Times = 10;

    private const double Population = 1e6, Spacing = 17;
    private const int Sampled = 1000;

    private static readonly double[] LogChoices =
        [.. Enumerable.Range(0, Sampled + 1).Select(k => SpecialFunctions.BinomialLn(Sampled, k))];

    /// <summary>(n − k)/(k + 1), from one term of the binomial distribution to the next.</summary>
    private static readonly double[] Ratios = [.. Enumerable.Range(0, Sampled).Select(k => (Sampled - k) / (k + 1.0))];

    public override double LogLikelihood(ReadOnlySpan<float> theta, ReadOnlySpan<float> x)
    {
        Span<double> result = stackalloc double[1];
        LogLikelihoods(theta, x, result);
        return result[0];
    }

    public void LogLikelihoods(ReadOnlySpan<float> theta, ReadOnlySpan<float> x, Span<double> result)
    {
        Span<Vector256<double>> infected = stackalloc Vector256<double>[Times];
        for (var row = 0; row < result.Length; row += 4)
        {
            Solve(PairLanes.Gather(theta, row, 0, 2), PairLanes.Gather(theta, row, 1, 2), infected);
            for (var lane = 0; lane < Math.Min(4, result.Length - row); lane++)
            {
                var sum = 0.0;
                for (var i = 0; i < Times; i++)
                {
                    var log = infected[i][lane];
                    if (!(x[i] >= 0 && x[i] <= Sampled && x[i] == MathF.Floor(x[i]))) sum = double.NegativeInfinity;
                    else
                    {
                        var none = Sampled - x[i] == 0 ? 0 : (Sampled - x[i]) * Math.Log(-Math.Min(-1e-16, Math.Exp(log) - 1));
                        sum += LogChoices[(int)x[i]] + x[i] * log + none;
                    }
                }

                result[row + lane] = sum;
            }
        }
    }

    /// <summary>ln I/N at the days observed, of four rows.</summary>
    internal static void Solve(Vector256<double> beta, Vector256<double> gamma, Span<Vector256<double>> infected)
    {
        Span<Vector256<double>> susceptible = stackalloc Vector256<double>[Times];
        susceptible[0] = Vector256.Create(1 - 1 / Population);
        infected[0] = Vector256.Create(-13.815510557964274); // −ln 10⁶
        PairOde.Solve(new Ode(beta, gamma), Spacing, susceptible, infected);
    }

    /// <summary>The share of susceptible, and the logarithm of that of infected.</summary>
    private readonly struct Ode(Vector256<double> beta, Vector256<double> gamma) : IPairOde
    {
        public void Rates(Vector256<double> a, Vector256<double> b, out Vector256<double> da, out Vector256<double> db)
        {
            da = -beta * a * ReproducibleMath.Exp(b);
            db = Vector256.FusedMultiplyAdd(beta, a, -gamma);
        }

        public Vector256<double> Fastest(Vector256<double> a, Vector256<double> b) => Vector256.Max(beta, gamma);
    }

    internal readonly struct Counts : ILaneObserver
    {
        public static int ParameterCount => 2;

        public static int ObservedCount => Times;

        /// <summary>Two words a count.</summary>
        public static void Observe(ref RowWords words, ReadOnlySpan<Vector256<float>> theta, Span<Vector256<float>> x)
        {
            Span<Vector256<double>> lower = stackalloc Vector256<double>[Times];
            Span<Vector256<double>> upper = stackalloc Vector256<double>[Times];
            var (beta1, beta2) = Vector256.Widen(theta[0]);
            var (gamma1, gamma2) = Vector256.Widen(theta[1]);
            Solve(beta1, gamma1, lower);
            Solve(beta2, gamma2, upper);
            Span<float> lanes = stackalloc float[RowWords.Lanes];
            for (var i = 0; i < Times; i++)
            {
                var (high, low) = (words.Next(), words.Next());
                for (var lane = 0; lane < RowWords.Lanes; lane++)
                {
                    var unit = ((((ulong)high[lane] << 32 | low[lane]) >> 12) + 0.5) * (1.0 / (1L << 52));
                    lanes[lane] = Count(lane < 4 ? lower[i][lane] : upper[i][lane - 4], unit);
                }

                x[i] = Vector256.Create<float>(lanes);
            }
        }

        /// <summary>The binomial count of a uniform number, by the inverse transform.</summary>
        private static int Count(double logChance, double unit)
        {
            var chance = Math.Min(1, ReproducibleIntegrals.Exp(logChance));
            if (chance > 0.5) return Sampled - Below(1 - chance, 1 - unit);
            return Below(chance, unit);
        }

        /// <summary>For chances up to ½ the first term, (1 − p)¹⁰⁰⁰, is a number of double precision.</summary>
        private static int Below(double chance, double unit)
        {
            if (chance <= 0) return 0;
            var odds = chance / (1 - chance);
            var term = ReproducibleIntegrals.Exp(Sampled * ReproducibleIntegrals.Log(1 - chance));
            var sum = term;
            var count = 0;
            while (sum < unit && count < Sampled)
            {
                term *= Ratios[count++] * odds;
                sum += term;
            }

            return count;
        }
    }
}
