using Amnre.Engine.Histograms;
using Amnre.Engine.Masks;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;
using Amnre.Engine.Truth;

namespace Amnre.Engine.Tests.Truth;

public sealed class LikelihoodChainsTests
{
    private static readonly Slcp Slcp = new();

    private static readonly ChainSettings Settings = new() { Chains = 1000, Steps = 6000, Burn = 1000, Seed = 4 };

    /// <summary>Two ways that share nothing but the model: quadrature of all marginals of one and two parameters, and chains.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Long_chains_and_quadrature_agree(int row)
    {
        var x = Observation(row);
        var joint = TruePosterior.Joint(Slcp, x, row, 20, Settings, 2, TestContext.Current.CancellationToken);

        foreach (var (mask, exact) in SlcpTruth.Marginals(x, 20))
        {
            var counted = joint.Marginal(mask);
            var distance = exact.Values.Zip(counted.Values, (a, b) => Math.Abs(a - b)).Sum() / 2;
            Assert.True(distance < (mask.Count == 1 ? 0.02 : 0.03), $"row {row}, {mask}: total variation {distance}");
        }
    }

    [Fact]
    public void The_likelihood_in_lanes_is_that_of_the_simulator()
    {
        var (theta, x) = (new float[8 * 5], new float[8 * 8]);
        Slcp.Sample(9, 0, theta, x);
        var lanes = new System.Runtime.Intrinsics.Vector256<float>[5];
        for (var d = 0; d < 5; d++)
            lanes[d] = System.Runtime.Intrinsics.Vector256.Create<float>([.. Enumerable.Range(0, 8).Select(row => theta[row * 5 + d])]);
        var logs = SlcpLikelihood.LogLikelihood(lanes, x.AsSpan(0, 8));

        for (var row = 1; row < 8; row++)
        {
            double Exact(int i) => ((ITractableSimulator)Slcp).LogLikelihood(theta.AsSpan(i * 5, 5), x.AsSpan(0, 8));
            var expected = Exact(row) - Exact(0);
            Assert.Equal(expected, logs[row] - logs[0], 1e-5 * Math.Abs(expected) + 1e-3);
        }
    }

    [Fact]
    public void Neither_threads_nor_runs_change_the_counts_but_seeds_do()
    {
        var settings = Settings with { Chains = 30, Steps = 40, Burn = 8 };
        var once = Draw(settings, 1);

        Assert.Equal(once.Masses.ToArray(), Draw(settings, 2).Masses.ToArray());
        Assert.NotEqual(once.Masses.ToArray(), Draw(settings with { Seed = 5 }, 1).Masses.ToArray());
        Assert.Equal(1, once.Masses.ToArray().Sum(), 1e-5);

        static SparseHistogram Draw(ChainSettings settings, int threads) =>
            TruePosterior.Joint(Slcp, Observation(0), 0, 20, settings, threads, TestContext.Current.CancellationToken);
    }

    /// <summary>A kept histogram is used for these settings and this observation, and for no others.</summary>
    [Fact]
    public void Chains_are_kept_under_a_name_that_holds_what_they_depend_on()
    {
        using var scratch = new ScratchDirectory();
        var settings = new EvaluateSettings
        {
            Simulator = "SLCP",
            Truth = TruthMethod.Chains,
            BatchSize = 64,
            Steps = 32,
            Burn = 8,
            Bins = 6,
            Seed = 3,
        };
        var wanted = new Histogram(ParameterMask.Parse("10000"), 6, new float[6]);
        var first = Of(settings, 0);
        var file = Assert.Single(Directory.GetFiles(scratch.Root, "*_x*"));
        Assert.Equal(Path.GetFileName(file), new FileInfo(scratch["test_0.pth"]).LinkTarget);
        Assert.StartsWith("test_0_bins6_chains64_steps32_burn8_sigma0.02_seed3_x", Path.GetFileName(file), StringComparison.Ordinal);
        var time = File.GetLastWriteTimeUtc(file);

        Assert.Equal(first, Of(settings, 0));
        Assert.Equal(time, File.GetLastWriteTimeUtc(file));
        Of(settings with { Steps = 33 }, 0);
        Of(settings with { Sigma = 0.03 }, 0);
        Of(settings, 0, another: true);
        Assert.Equal(4, Directory.GetFiles(scratch.Root, "*_x*").Length);
        Assert.Contains("steps32", new FileInfo(scratch["test_0.pth"]).LinkTarget, StringComparison.Ordinal);

        // What the original left there is not ours.
        File.Delete(scratch["test_0.pth"]);
        File.WriteAllText(scratch["test_0.pth"], "the original's");
        Of(settings with { Steps = 34 }, 0);
        Assert.Equal("the original's", File.ReadAllText(scratch["test_0.pth"]));

        float[] Of(EvaluateSettings given, int row, bool another = false) =>
            new TruthSource(given, Slcp, scratch["test"]).Of(Observation(another ? 1 : 0), row, [wanted],
                TestContext.Current.CancellationToken)[wanted.Mask].Masses.ToArray();
    }

    private static float[] Observation(int row)
    {
        var (theta, x) = (new float[5], new float[8]);
        Slcp.Sample(12, row, theta, x);
        return x;
    }
}
