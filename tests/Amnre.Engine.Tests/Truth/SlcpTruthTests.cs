using Amnre.Engine.Catalog;
using Amnre.Engine.Histograms;
using Amnre.Engine.Masks;
using Amnre.Engine.MassTransport;
using Amnre.Engine.Randomness;
using Amnre.Engine.Simulators;
using Amnre.Engine.Truth;

namespace Amnre.Engine.Tests.Truth;

public sealed class SlcpTruthTests
{
    private readonly ITractableSimulator _slcp = (ITractableSimulator)SimulatorCatalog.Find("SLCP");

    [Fact]
    public void Truth_agrees_with_weighted_prior_draws()
    {
        // Broad posteriors, for which draws of the prior weighted by the likelihood are an honest independent estimate.
        const int Draws = 1_000_000, Bins = 10;
        var prior = new float[Draws * 5];
        _slcp.Sample(99, 0, prior, new float[Draws * 8]);
        foreach (var theta in (float[][])[[2.5f, -1, 2.2f, -1.9f, 0.6f], [-2.8f, 2.9f, 1.8f, 2.9f, -1.2f]])
        {
            var x = Observation(theta, row: 3);
            var truth = SlcpTruth.Marginals(x, Bins);
            var weights = new double[Draws];
            Parallel.For(0, Draws, i => weights[i] = Math.Exp(_slcp.LogLikelihood(prior.AsSpan(i * 5, 5), x) + 12));
            var total = weights.Sum();
            Assert.True(total * total / weights.Sum(weight => weight * weight) > 3000);
            foreach (var histogram in truth.Values)
            {
                var (sums, squares) = (new double[histogram.Values.Length], new double[histogram.Values.Length]);
                for (var i = 0; i < Draws; i++)
                {
                    var cell = histogram.CellOf(_slcp, prior.AsSpan(i * 5, 5));
                    sums[cell] += weights[i] / total;
                    squares[cell] += weights[i] / total * weights[i] / total;
                }

                for (var cell = 0; cell < sums.Length; cell++)
                    Assert.Equal(sums[cell], histogram.Values[cell], 5 * Math.Sqrt(squares[cell]) + 2e-4);
            }
        }
    }

    [Fact]
    public void Truth_is_calibrated_over_draws_of_the_prior_spikes_among_them()
    {
        // The chance of all that comes before theta in the order of cells, plus a uniform part of theta's own cell, is uniform
        // for every marginal if and only if the marginals are those of the posterior.
        const int Observations = 80, Bins = 24;
        var (theta, x) = (new float[Observations * 5], new float[Observations * 8]);
        _slcp.Sample(41, 0, theta, x);
        var truths = new IReadOnlyDictionary<ParameterMask, Histogram>[Observations];
        Parallel.For(0, Observations, i => truths[i] = SlcpTruth.Marginals(x.AsSpan(i * 8, 8), Bins));
        foreach (var mask in truths[0].Keys)
        {
            var ranks = new List<double>();
            for (var i = 0; i < Observations; i++)
            {
                var histogram = truths[i][mask];
                var cell = histogram.CellOf(_slcp, theta.AsSpan(i * 5, 5));
                var part = new CounterRandom(1, RandomPurpose.None, (ulong)i).NextDouble();
                ranks.Add(histogram.Values.Take(cell).Sum(mass => (double)mass) + part * histogram.Values[cell]);
            }

            ranks.Sort();
            var furthest = Enumerable.Range(0, Observations)
                .Max(i => Math.Max((i + 1.0) / Observations - ranks[i], ranks[i] - (double)i / Observations));
            // Kolmogorov and Smirnov, p = 5e-4: fifteen tests of a fixed seed.
            Assert.True(furthest < 2.03 / Math.Sqrt(Observations), $"{mask}: {furthest}");
        }
    }

    [Fact]
    public void Both_ways_to_the_same_marginal_agree()
    {
        // The plane of the means integrates scales in closed form; the other pairs sum over scales and integrate means.
        const int Observations = 6;
        var (theta, x) = (new float[Observations * 5], new float[Observations * 8]);
        _slcp.Sample(17, 0, theta, x);
        for (var i = 0; i < Observations; i++)
        {
            var truth = SlcpTruth.Marginals(x.AsSpan(i * 8, 8), 50);
            foreach (var parameter in (string[])["10000", "01000"])
            {
                var mask = ParameterMask.Parse(parameter);
                var plane = truth[ParameterMask.Parse("11000")].Marginal(mask);
                Assert.InRange(ExactTransport.Distance(plane.Values, truth[mask].Values, 1, 50), 0, 1e-3);
            }
        }
    }

    [Fact]
    public void A_spike_narrower_than_a_cell_keeps_its_mass()
    {
        // Scales of 1e-4: the means are known to 1e-4, cells are 0.06 wide.
        var truth = SlcpTruth.Marginals(Observation([0.5f, -1.21f, 0.01f, -0.01f, 1], row: 8), 100);

        Assert.Equal(1, truth[ParameterMask.Parse("11000")].Values[58 * 100 + 29], 1e-3);
        Assert.Equal(1, truth[ParameterMask.Parse("10000")].Values[58], 1e-3);
        Assert.Equal(0.25, truth[ParameterMask.Parse("00110")].Values[49 * 100 + 50], 1e-3);
        Assert.All(truth.Values, histogram => Assert.Equal(1, histogram.Values.Sum(value => (double)value), 1e-5));
    }

    /// <summary>Points of theta with the normals of row <paramref name="row"/>.</summary>
    private float[] Observation(float[] theta, int row)
    {
        var (drawn, x) = (new float[5], new float[8]);
        _slcp.Sample(123, row, drawn, x);
        var scale = new Slcp.Scale([.. theta.Select(System.Runtime.Intrinsics.Vector256.Create)]);
        for (var point = 0; point < 4; point++)
        {
            var z1 = (x[2 * point] - drawn[0]) / (drawn[2] * drawn[2] + 1e-8f);
            var z2 = ((x[2 * point + 1] - drawn[1]) / (drawn[3] * drawn[3] + 1e-8f) - MathF.Tanh(drawn[4]) * z1) * MathF.Cosh(drawn[4]);
            scale.Observe(System.Runtime.Intrinsics.Vector256.Create(z1), System.Runtime.Intrinsics.Vector256.Create(z2), out var x1,
                out var x2);
            (x[2 * point], x[2 * point + 1]) = (x1[0], x2[0]);
        }

        return x;
    }
}
