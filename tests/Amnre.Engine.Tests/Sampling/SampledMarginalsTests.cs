using Amnre.Engine.Histograms;
using Amnre.Engine.Masks;
using Amnre.Engine.Sampling;
using Amnre.Engine.Settings;
using Amnre.Engine.Tests.Evaluation;

namespace Amnre.Engine.Tests.Sampling;

public sealed class SampledMarginalsTests
{
    /// <summary>An estimator of the joint alone gives the marginals that one of every subset lays on grids, however it is
    /// sampled.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Counted_marginals_agree_with_those_on_grids(bool byImportance)
    {
        var simulator = new GaussianBox();
        var masks = MaskList.Expand(["=1", "=2", "111"], 3, null, out _);
        float[] x = [0.4f, -1.2f, 2.7f];
        var settings = new ChainSettings { Chains = 1024, Steps = byImportance ? 4096 : 160, Burn = 32, Proposals = 1 << 14, Seed = 2 };

        var (counted, report) = new SampledMarginals(simulator, new PosteriorSampler(simulator, settings, byImportance), masks[^1], masks,
            12, 200)
            .Evaluate(new GaussianPosterior(covers: mask => mask.Count == 3), x, 0, TestContext.Current.CancellationToken);

        Assert.Equal(byImportance ? "importance" : "chains", report.Way);
        var joint = Assert.IsType<SparseHistogram>(counted[^1]);
        for (var k = 0; k < masks.Count - 1; k++)
        {
            var (grid, _) = new MarginalGrid(simulator, masks[k], 240).Evaluate(new GaussianPosterior(), x, 1, 1 << 16)[0];
            var values = Assert.IsType<Histogram>(counted[k]).Values;
            Assert.Equal(1, values.Sum(), 1e-3);
            var distance = Coarse(grid, 20).Zip(values, (a, b) => Math.Abs(a - b)).Sum() / 2;
            Assert.True(distance < 0.03, $"{masks[k]}: total variation {distance}");
            Assert.Equal(values.Select(value => Math.Round(value, 5)),
                joint.Marginal(masks[k]).Values.Select(value => Math.Round(value, 5)));
        }
    }

    /// <summary>Uniform draws over the box weighed by a normal density of standard deviation σ in each of 3 dimensions of width 6:
    /// (Σw)²/Σw² is about n (2√π σ/6)³, less what the bounds cut off.</summary>
    [Fact]
    public void The_effective_size_of_importance_draws_is_the_expected_one()
    {
        var simulator = new GaussianBox();
        var settings = new ChainSettings { Chains = 1024, Steps = 512, Burn = 0, Seed = 3 };
        var report = new PosteriorSampler(simulator, settings, byImportance: true).Draw(
            new GaussianPosterior(), ParameterMask.Full(3), [0, 0.2f, -0.1f], 0, _ => { }, TestContext.Current.CancellationToken);

        var expected = settings.Chains * settings.Steps * Math.Pow(2 * Math.Sqrt(Math.PI) * GaussianBox.Sigma / 6, 3);
        Assert.InRange(report.EffectiveSize, 0.97 * expected, 1.03 * expected);
        Assert.Equal(Math.Round(report.EffectiveSize), report.Samples);
    }

    /// <summary>Sums blocks of <paramref name="factor"/> cells in each dimension.</summary>
    private static float[] Coarse(Histogram fine, int factor)
    {
        var bins = fine.Bins / factor;
        var sums = new float[Histogram.CellCount(fine.Mask, bins)];
        for (var cell = 0; cell < fine.Values.Length; cell++)
        {
            var target = fine.Mask.Count == 1 ? cell / factor : cell / fine.Bins / factor * bins + cell % fine.Bins / factor;
            sums[target] += fine.Values[cell];
        }

        return sums;
    }
}
