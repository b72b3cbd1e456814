using Amnre.Engine.Evaluation;
using Amnre.Engine.Masks;
using Amnre.Engine.Sampling;
using Amnre.Engine.Tests.Evaluation;

namespace Amnre.Engine.Tests.Sampling;

public sealed class JointMarginalsTests
{
    /// <summary>An estimator of the joint alone gives the marginals that one of every subset lays on grids.</summary>
    [Fact]
    public void Counted_marginals_agree_with_those_on_grids()
    {
        var simulator = new GaussianBox();
        var masks = MaskList.Expand(["=1", "=2"], 3, null, out _);
        float[] x = [0.4f, -1.2f, 2.7f];
        var settings = new ChainSettings { Chains = 1024, Steps = 160, Burn = 32, Proposals = 1 << 14, Seed = 2 };

        var counted = new JointMarginals(simulator, masks, 12, settings)
            .Evaluate(new GaussianPosterior(covers: mask => mask.Count == 3), x, 0, TestContext.Current.CancellationToken);

        for (var k = 0; k < masks.Count; k++)
        {
            var (grid, _) = new MarginalGrid(simulator, masks[k], 240).Evaluate(new GaussianPosterior(), x, 1, 1 << 16)[0];
            Assert.Equal(1, counted[k].Values.Sum(), 1e-3);
            var distance = Coarse(grid, 20).Zip(counted[k].Values, (a, b) => Math.Abs(a - b)).Sum() / 2;
            Assert.True(distance < 0.03, $"{masks[k]}: total variation {distance}");
        }
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
