using Amnre.Engine.Masks;
using Amnre.Engine.Posteriors;
using Amnre.Engine.Sampling;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Tests.Sampling;

public sealed class JointSamplerTests
{
    private static readonly ChainSettings Settings = new() { Chains = 512, Steps = 96, Burn = 32, Proposals = 1 << 14, Seed = 5 };

    [Fact]
    public void A_correlated_Gaussian_is_sampled_with_its_moments()
    {
        var (theta, report) = Draw(new Correlated(), Settings with { Chains = 2048, Steps = 288 });

        var (mean0, mean1, var0, var1, cov) = Moments(theta);
        Assert.Equal(2 * 256 * 2048, theta.Count);
        Assert.InRange(report.Acceptance, 0.1, 0.6);
        Assert.Equal(Correlated.Mean0, mean0, 0.02);
        Assert.Equal(Correlated.Mean1, mean1, 0.02);
        Assert.Equal(Correlated.Scale0 * Correlated.Scale0, var0, 0.006);
        Assert.Equal(Correlated.Scale1 * Correlated.Scale1, var1, 0.002);
        Assert.Equal(Correlated.Rho, cov / Math.Sqrt(var0 * var1), 0.03);
    }

    [Fact]
    public void Two_narrow_modes_keep_their_shares()
    {
        var (theta, _) = Draw(new TwoModes(), Settings);

        Assert.Equal(0.75, theta.Where((value, i) => i % 2 == 0 && value > 0).Count() * 2.0 / theta.Count, 0.05);
    }

    [Fact]
    public void The_same_seed_gives_the_same_draws_and_another_observation_others()
    {
        var settings = Settings with { Steps = 4, Burn = 2 };

        Assert.Equal(Draw(new Correlated(), settings, 3).Theta, Draw(new Correlated(), settings, 3).Theta);
        Assert.NotEqual(Draw(new Correlated(), settings, 3).Theta, Draw(new Correlated(), settings, 4).Theta);
    }

    [Fact]
    public void An_estimate_that_is_nowhere_finite_is_refused() =>
        Assert.Contains("did not train", Assert.Throws<NoDrawsException>(() => Draw(new Nowhere(), Settings)).Message,
            StringComparison.Ordinal);

    private static (List<float> Theta, ChainReport Report) Draw(IMarginalPosterior posterior, ChainSettings settings, ulong observation = 0)
    {
        var theta = new List<float>();
        var report = JointSampler.Draw(
            new Box(), posterior, ParameterMask.Full(2), [0f], settings, observation, states => theta.AddRange(states),
            TestContext.Current.CancellationToken);
        return (theta, report);
    }

    private static (double Mean0, double Mean1, double Var0, double Var1, double Cov) Moments(List<float> theta)
    {
        double m0 = 0, m1 = 0, s00 = 0, s11 = 0, s01 = 0;
        for (var i = 0; i < theta.Count / 2; i++)
        {
            double a = theta[2 * i], b = theta[2 * i + 1];
            (m0, m1, s00, s11, s01) = (m0 + a, m1 + b, s00 + a * a, s11 + b * b, s01 + a * b);
        }

        double n = theta.Count / 2;
        (m0, m1) = (m0 / n, m1 / n);
        return (m0, m1, s00 / n - m0 * m0, s11 / n - m1 * m1, s01 / n - m0 * m1);
    }

    /// <summary>Uniform prior on [−3, 3)².</summary>
    private sealed class Box : ISimulator
    {
        public string Name => "box";

        public IReadOnlyList<string> Labels => ["a", "b"];

        public IReadOnlyList<float> Low => [-3, -3];

        public IReadOnlyList<float> High => [3, 3];

        public IReadOnlyList<int> ObservationShape => [1];

        public void Sample(ulong seed, long firstRow, Span<float> theta, Span<float> x)
        {
            for (var i = 0; i < theta.Length; i++)
                theta[i] = 6
                    * new Engine.Randomness.CounterRandom(seed, Engine.Randomness.RandomPurpose.Rows,
                        (ulong)(firstRow * 2 + i)).NextSingle() - 3;
        }

        public double LogPrior(ParameterMask mask, ReadOnlySpan<float> theta)
        {
            foreach (var value in theta)
                if (!(value >= -3 && value < 3)) return double.NegativeInfinity;
            return -mask.Count * Math.Log(6);
        }
    }

    private abstract class Analytic : IMarginalPosterior
    {
        public bool Covers(ParameterMask mask) => mask.Count == mask.Size;

        public void LogDensity(ParameterMask mask, ReadOnlySpan<float> x, ReadOnlySpan<float> theta, Span<float> result)
        {
            for (var i = 0; i < result.Length; i++) result[i] = (float)At(theta[2 * i], theta[2 * i + 1]);
        }

        public void Dispose() { }

        protected abstract double At(double a, double b);
    }

    private sealed class Correlated : Analytic
    {
        public const double Mean0 = 0.5, Mean1 = -1, Scale0 = 0.4, Scale1 = 0.2, Rho = 0.9;

        protected override double At(double a, double b)
        {
            double u = (a - Mean0) / Scale0, v = (b - Mean1) / Scale1;
            return -0.5 * (u * u - 2 * Rho * u * v + v * v) / (1 - Rho * Rho);
        }
    }

    private sealed class TwoModes : Analytic
    {
        protected override double At(double a, double b)
        {
            static double Mode(double a, double b, double centre) => Math.Exp(-0.5 * ((a - centre) * (a - centre) + b * b) / 0.01);
            return Math.Log(0.25 * Mode(a, b, -2) + 0.75 * Mode(a, b, 2) + 1e-300);
        }
    }

    private sealed class Nowhere : Analytic
    {
        protected override double At(double a, double b) => double.NaN;
    }
}
