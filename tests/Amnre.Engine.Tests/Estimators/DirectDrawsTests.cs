using Amnre.Engine.Estimators;
using Amnre.Engine.Flows;
using Amnre.Engine.Masks;
using Amnre.Engine.Networks;
using Amnre.Engine.Posteriors;
using Amnre.Engine.Randomness;
using Amnre.Engine.Tests.Golden;
using Amnre.Engine.Tests.Training;
using static TorchSharp.torch;

namespace Amnre.Engine.Tests.Estimators;

public sealed class DirectDrawsTests
{
    private const int Bins = 16;
    private const double Low = -8, Cell = 1;

    [Theory]
    [InlineData("A", 20_000)]
    [InlineData("PRQ", 20_000)]
    [InlineData("UMNN", 4_000)]
    public void Draws_fill_the_cells_as_the_density_says(string architecture, int draws)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var options = new FlowOptions
        {
            Architecture = architecture,
            Transforms = 2,
            HiddenFeatures = 16,
            Activation = "ELU",
            LuLinear = true,
            TailBound = 3,
            IntegrandLayers = [12],
            ConditionSize = 4,
        };
        var construction = new Construction(new InitialWeights(4), new ForwardMode());
        var prior = PriorMoments.Given([0.3f, -0.2f, 0.5f], [1, 1.2f, 0.8f]);
        using var estimator = new ListedSubsetsEstimator([ParameterMask.Parse("100"), ParameterMask.Parse("101")], null, [3], prior,
            construction,
            (moments, width) => new NeuralPosteriorEstimator(options, null, [width], moments, construction));
        var mask = ParameterMask.Parse("101");
        var y = tensor([0.4f, -1f, 0.7f], 1, 3);

        var random = new CounterRandom(9, RandomPurpose.Chains, 0);
        var noise = new float[2 * draws];
        for (var i = 0; i < noise.Length; i++) noise[i] = (float)random.NextNormal();
        var theta = estimator.Draw(mask, y.expand(draws, -1), tensor(noise, draws, 2)).contiguous().data<float>().ToArray();

        var counts = new double[Bins * Bins];
        for (var i = 0; i < draws; i++)
        {
            var (a, b) = ((int)Math.Floor((theta[2 * i] - Low) / Cell), (int)Math.Floor((theta[2 * i + 1] - Low) / Cell));
            if (a is >= 0 and < Bins && b is >= 0 and < Bins) counts[a * Bins + b]++;
        }

        var expected = Masses(estimator, mask, y);
        Assert.True(expected.Sum() is > 0.95 and < 1.005, $"{expected.Sum()}");
        // Pearson's statistic over the cells that are well filled, against its 5-sigma bound.
        var filled = Enumerable.Range(0, counts.Length).Where(cell => expected[cell] * draws > 10).ToList();
        Assert.True(filled.Count > 6);
        var statistic = filled.Sum(cell => Math.Pow(counts[cell] - expected[cell] * draws, 2) / (expected[cell] * draws));
        Assert.True(statistic < filled.Count + 5 * Math.Sqrt(2 * filled.Count), $"{statistic} over {filled.Count} cells");
    }

    [Fact]
    public void A_trained_flow_draws_the_same_from_the_same_seed()
    {
        var simulator = new ToySimulator("SLCP", 5, 4, 2);
        using IDirectPosterior model = TrainedModel.Load(GoldenFile.Path("fixtures/slcp-npe.pth"), simulator, threads: 1);
        float[] theta = new float[5], x = new float[8];
        simulator.Sample(1, 0, theta, x);
        float[] first = new float[500], again = new float[500], other = new float[500];

        model.Draw(ParameterMask.Full(5), x, 3, 0, first);
        model.Draw(ParameterMask.Full(5), x, 3, 0, again);
        model.Draw(ParameterMask.Full(5), x, 3, 1, other);

        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        Assert.All(first, value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void Ratios_are_left_to_chains()
    {
        using IDirectPosterior model = TrainedModel.Load(GoldenFile.Path("fixtures/slcp-mnre.pth"), new ToySimulator("SLCP", 5, 4, 2),
            threads: 1);

        Assert.False(model.DrawsDirectly);
        Assert.Throws<NotSupportedException>(() => model.Draw(ParameterMask.Parse("10000"), new float[8], 0, 0, new float[4]));
    }

    /// <summary>Mass of each cell by midpoints.</summary>
    private static double[] Masses(Estimator estimator, ParameterMask mask, Tensor y)
    {
        const int fine = 32;
        var centres = (arange(Bins * fine, dtype: float32) + 0.5) * (Cell / fine) + Low;
        var grid = cartesian_prod(centres, centres);
        var density = cat([.. grid.chunk(16).Select(part => estimator.LogValue(mask, part, y.expand(part.shape[0], -1)))]).exp()
            .to(float64);
        return [.. (density.view(Bins, fine, Bins, fine).sum([1, 3]) * (Cell / fine * Cell / fine)).contiguous().view(-1).data<double>()];
    }
}
