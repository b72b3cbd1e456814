using Amnre.Engine.Draws;
using Amnre.Engine.Evaluation;
using Amnre.Engine.Randomness;

namespace Amnre.Engine.Tests.Evaluation;

/// <summary>What holds of exact posteriors, and fails of those that are too narrow or too wide.</summary>
public sealed class CalibrationLawsTests
{
    private const int Rows = 2000, Draws = 99;

    private const int Size = LinearGaussian.Size;

    [Fact]
    public void Coverage_of_exact_posteriors_is_their_credibility()
    {
        double[] levels = [0.1, 0.5, 0.9, 1];
        var exact = LinearGaussian.Draw(Rows, 1).Percentiles;
        var coverage = ExpectedCoverage.Of(exact, levels);

        for (var i = 0; i < levels.Length; i++)
            Assert.Equal(levels[i], coverage[i], 4 * Math.Sqrt(levels[i] * (1 - levels[i]) / Rows) + 1e-12);
        Assert.Equal(0, ExpectedCoverage.Area(exact), 4 / Math.Sqrt(12.0 * Rows));
        Assert.InRange(ExpectedCoverage.Area(LinearGaussian.Draw(Rows, 1, 0.5).Percentiles), -0.5, -0.1);
        Assert.InRange(ExpectedCoverage.Area(LinearGaussian.Draw(Rows, 1, 2).Percentiles), 0.1, 0.5);
    }

    [Fact]
    public void Ranks_in_exact_posteriors_are_uniform()
    {
        foreach (var (scale, uniform) in new[] { (1, true), (0.7, false), (1.5, false) })
        {
            var (theta, draws, _) = LinearGaussian.Draw(Rows, Draws, scale);
            var ranks = RankCalibration.Ranks(theta, draws, Size);
            for (var parameter = 0; parameter < Size; parameter++)
            {
                var excess = RankCalibration.Excess(ranks, parameter, Draws, 20);
                Assert.True(uniform ? Math.Abs(excess) < 4.5 : excess > 15, $"scale {scale}, parameter {parameter}: {excess}");
            }
        }
    }

    [Fact]
    public void Random_points_cover_exact_posteriors_evenly()
    {
        foreach (var (scale, uniform) in new[] { (1, true), (0.5, false), (2, false) })
        {
            var (theta, draws, _) = LinearGaussian.Draw(Rows, Draws, scale);
            var deviation = RandomPointCoverage.Deviation(RandomPointCoverage.Fractions(theta, draws, Size, 5));
            // Kolmogorov: beyond 1.95/√n once in a thousand; draws make steps of a hundredth.
            Assert.True(uniform ? deviation < 1.95 / Math.Sqrt(Rows) + 0.01 : deviation > 0.08, $"scale {scale}: {deviation}");
        }
    }

    /// <summary>The best accuracy between N(0, I) and N(δe₁, I) is Φ(δ/2).</summary>
    [Fact]
    public void The_classifier_is_as_accurate_as_the_best_and_no_better_than_chance_between_equals()
    {
        const int Count = 1000;
        float[] Normals(ulong index, double shift)
        {
            var random = new CounterRandom(8, default, index);
            return [.. Enumerable.Range(0, Count * Size).Select(i => (float)(random.NextNormal() + (i % Size == 0 ? shift : 0)))];
        }

        Assert.Equal(0.5, Accuracy(Normals(0, 0), Normals(1, 0)), 0.045);
        Assert.Equal(0.8413, Accuracy(Normals(0, 0), Normals(1, 2)), 0.035);
        // Equal to a fault of scale: what is standardised is told apart as before.
        Assert.Equal(0.8413, Accuracy([.. Normals(0, 0).Select(value => 1000 * value)], [.. Normals(1, 2).Select(value => 1000 * value)]),
            0.035);

        static double Accuracy(float[] first, float[] second) =>
            ClassifierTwoSampleTest.Accuracy(first, second, Size, 3, threads: 2, TestContext.Current.CancellationToken);
    }

    /// <summary>A copy in the folds that are learnt from would teach the wrong label of its twin.</summary>
    [Theory]
    [InlineData(1.0)]
    [InlineData(0.5)]
    [InlineData(0.1)]
    public void Copies_of_draws_in_both_samples_say_chance_and_not_less(double share)
    {
        const int Count = 600;
        var (first, other) = (new float[Count * Size], new float[Count * Size]);
        var random = new CounterRandom(9, default, 0);
        foreach (ref var value in first.AsSpan()) value = (float)random.NextNormal();
        foreach (ref var value in other.AsSpan()) value = (float)random.NextNormal();
        // In another order, so that no place in a file matters.
        var copies = (int)(Count * share);
        for (var row = 0; row < copies; row++) first.AsSpan((Count - 1 - row) * Size, Size).CopyTo(other.AsSpan(row * Size, Size));

        var accuracy = ClassifierTwoSampleTest.Accuracy(first, other, Size, 5, threads: 2, TestContext.Current.CancellationToken);

        Assert.Equal(0.5, accuracy, 0.06 * (1 - share) + 1e-6);
        var twins = SharedDraws.Twins(first, other, Size);
        Assert.Equal(copies, twins.Index().Skip(Count).Count(twin => twin.Item != twin.Index));
    }

    [Fact]
    public void Exact_posteriors_pass_the_classifier_and_blurred_ones_do_not()
    {
        // One observation's posterior, drawn twice from independent streams: rows of one long list.
        var (_, draws, _) = LinearGaussian.Draw(1, 2000);
        var (_, blurred, _) = LinearGaussian.Draw(1, 2000, 2);
        var half = draws.Length / 2;

        Assert.Equal(0.5, Accuracy(draws[..half], draws[half..]), 0.045);
        // The best accuracy between radii of deviations 1 and 2 in the plane: ½ + ½ (u^(1/3) − u^(4/3)) with u = 1/4.
        var best = 0.5 + 0.5 * (Math.Pow(0.25, 1.0 / 3) - Math.Pow(0.25, 4.0 / 3));
        Assert.Equal(best, Accuracy(draws[..half], blurred[half..]), 0.04);

        static double Accuracy(float[] first, float[] second) =>
            ClassifierTwoSampleTest.Accuracy(first, second, Size, 4, threads: 2, TestContext.Current.CancellationToken);
    }
}
