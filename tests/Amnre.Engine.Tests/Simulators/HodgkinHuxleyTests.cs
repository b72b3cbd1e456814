using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using Amnre.Engine.Distributions;
using Amnre.Engine.Randomness;
using Amnre.Engine.Rows;
using Amnre.Engine.Simulators;
using Amnre.Engine.Tests.Golden;

namespace Amnre.Engine.Tests.Simulators;

public sealed class HodgkinHuxleyTests
{
    private readonly HodgkinHuxley _neuron = new();

    [Fact]
    public void Bounds_and_sizes_are_those_of_the_original()
    {
        var golden = GoldenFile.Read("hh.json");

        Assert.Equal(golden.GetProperty("prior_lower").Singles(), _neuron.Low);
        Assert.Equal(golden.GetProperty("prior_upper").Singles(), _neuron.High);
        Assert.Equal([7], _neuron.ObservationShape);
        Assert.Equal(8, _neuron.Labels.Count);
    }

    [Fact]
    public void The_largest_draw_of_each_parameter_stays_below_its_bound()
    {
        // 50·(1 − 2⁻²⁴) + 40 is nearer to 90 than to the float before it: the draw must not round onto the bound.
        Assert.Equal(90f, MathF.FusedMultiplyAdd(1 - 1f / (1 << 24), 50, 40));
        for (var i = 0; i < 8; i++)
        {
            Assert.Equal(_neuron.Low[i], HodgkinHuxley.Parameter(i, Vector256<float>.Zero)[7]);
            var largest = HodgkinHuxley.Parameter(i, Vector256.Create(1 - 1f / (1 << 24)))[0];
            Assert.InRange(largest, _neuron.High[i] - 1e-6f * _neuron.High[i], MathF.BitDecrement(_neuron.High[i]));
        }
    }

    [Fact]
    public void Rows_have_parameters_and_noise_of_their_own()
    {
        const int Rows = 64;
        var (theta, x) = (new float[Rows * 8], new float[Rows * 7]);
        _neuron.Sample(2, 0, theta, x);

        Assert.Equal(Rows, Enumerable.Range(0, Rows).Select(row => theta[row * 8]).Distinct().Count());
        Assert.Equal(Rows, Enumerable.Range(0, Rows).Select(row => x[row * 7 + 1]).Distinct().Count());
    }

    [Fact]
    public void A_row_is_the_same_whatever_rows_are_drawn_with_it()
    {
        var (theta, x) = (new float[19 * 8], new float[19 * 7]);
        _neuron.Sample(3, 1000, theta, x);
        foreach (var (first, count) in new[] { (0, 1), (5, 3), (7, 9), (18, 1) })
        {
            var (someTheta, someX) = (new float[count * 8], new float[count * 7]);
            _neuron.Sample(3, 1000 + first, someTheta, someX);
            Assert.Equal(theta[(first * 8)..((first + count) * 8)], someTheta);
            Assert.Equal(x[(first * 7)..((first + count) * 7)], someX);
        }
    }

    [Fact]
    public void Rows_are_what_one_trace_at_a_time_gives_from_their_parameters_and_words()
    {
        const int Rows = 24;
        var (theta, x) = (new float[Rows * 8], new float[Rows * 7]);
        _neuron.Sample(21, 40, theta, x);
        var summary = new double[TraceSummary.Size];
        for (var row = 0; row < Rows; row++)
        {
            var random = new CounterRandom(21, RandomPurpose.Rows, 40 + (ulong)row);
            for (var i = 0; i < 8; i++) random.NextUInt32();
            var noise = new double[CurrentStep.SummaryPoints];
            for (var k = 0; k < noise.Length; k += 2)
            {
                NormalPair.From(
                    Vector256.Create(random.NextUInt32()), Vector256.Create(random.NextUInt32()), out var first, out var second);
                (noise[k], noise[k + 1]) = (first[0], second[0]);
            }

            var trace = new double[CurrentStep.SummaryPoints];
            Membrane.Integrate([.. theta[(row * 8)..(row * 8 + 8)].Select(value => (double)value)], noise, trace);
            TraceSummary.Of(trace, summary);
            Assert.Equal(summary[0], x[row * 7]);
            for (var i = 1; i < 7; i++) Assert.Equal(summary[i], x[row * 7 + i], 2e-7 * Math.Abs(summary[i]) + 1e-7);
        }
    }

    [Fact]
    public void A_constant_trace_has_the_shape_of_normal_noise()
    {
        var summary = new Vector256<double>[7];
        var trace = new Vector256<double>[CurrentStep.SummaryPoints];
        Array.Fill(trace, Vector256.Create(-70.1, -70, -65, -1.0 / 3));
        TraceSummary.Of(trace, summary);
        HodgkinHuxley.GiveShapeToConstants(summary);

        Assert.Equal(Vector256<double>.Zero, summary[5]);
        Assert.Equal(Vector256.Create(3.0), summary[6]);
    }

    [Fact]
    public void Observations_have_the_moments_of_the_original()
    {
        // The original's are of 1500 rows: means differ by less than five standard errors.
        const int Rows = 1504;
        var golden = GoldenFile.Read("hh.json").GetProperty("prior_predictive");
        var (mean, deviation) = (golden.GetProperty("mean").Numbers(), golden.GetProperty("std").Numbers());
        var moments = ObservationMoments.Of(_neuron, 0, Rows, TestContext.Current.CancellationToken);
        for (var i = 0; i < 7; i++)
        {
            Assert.Equal(mean[i], moments.Mu[i], 5 * deviation[i] * Math.Sqrt(1.0 / 1500 + 1.0 / Rows));
            Assert.Equal(deviation[i], moments.Sigma[i], 0.2 * deviation[i]);
        }
    }

    [Fact]
    public void Reference_events_have_the_distribution_of_the_original()
    {
        const int Draws = 80;
        var golden = GoldenFile.Read("hh.json");
        var (mean, deviation) = (golden.GetProperty("x_star_mean").Numbers(), golden.GetProperty("x_star_std").Numbers());
        var (theta, x) = (new float[8], new float[Draws * 7]);
        for (var draw = 0; draw < Draws; draw++)
        {
            _neuron.Events((ulong)draw, theta, x.AsSpan(draw * 7, 7));
            Assert.Equal(golden.GetProperty("theta_star").Singles(), theta);
        }

        for (var i = 0; i < 7; i++)
        {
            double[] values = [.. Enumerable.Range(0, Draws).Select(draw => (double)x[draw * 7 + i])];
            var average = values.Average();
            var spread = Math.Sqrt(values.Average(value => (value - average) * (value - average)));
            Assert.Equal(mean[i], average, 5 * deviation[i] * Math.Sqrt(1.0 / Draws + 1.0 / 200) + 1e-5);
            Assert.InRange(spread, 0.6 * deviation[i], 1.5 * deviation[i]);
        }
    }

    [Fact]
    public void An_event_is_a_function_of_its_seed()
    {
        var (theta, x, again, other) = (new float[8], new float[7], new float[7], new float[7]);
        _neuron.Events(4, theta, x);
        _neuron.Events(4, theta, again);
        _neuron.Events(5, theta, other);

        Assert.Equal(x, again);
        Assert.NotEqual(x[1], other[1]);
    }

    [Fact]
    public void Bytes_stay_what_they_were()
    {
        var (theta, x) = (new float[256 * 8], new float[256 * 7]);
        _neuron.Sample(0, 0, theta, x);

        Assert.Equal("98AE944E2B839242B5075C81BD6DCE9ABB8FE484AB04E949976A0E2116E1C3AD",
            Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes<float>([.. theta, .. x]))));
    }
}
