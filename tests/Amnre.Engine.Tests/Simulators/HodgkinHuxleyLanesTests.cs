using System.Runtime.Intrinsics;
using System.Text.Json;
using Amnre.Engine.Randomness;
using Amnre.Engine.Simulators;
using Amnre.Engine.Tests.Golden;

namespace Amnre.Engine.Tests.Simulators;

public sealed class HodgkinHuxleyLanesTests
{
    private static readonly JsonElement Golden = GoldenFile.Read("hh.json");

    [Fact]
    public void Each_lane_equals_the_scalar_trace_and_the_original()
    {
        var simulations = Golden.GetProperty("sims").EnumerateArray().ToArray();
        foreach (var group in simulations.Chunk(4))
        {
            double[][] theta = [.. group.Select(simulation => simulation.GetProperty("theta").Numbers())];
            double[][] noise = [.. group.Select(HodgkinHuxleyTraceTests.Noise)];
            var lanes = Integrate(theta, noise, CurrentStep.Points);
            for (var lane = 0; lane < group.Length; lane++)
            {
                var scalar = new double[CurrentStep.Points];
                Membrane.Integrate(theta[lane], noise[lane], scalar);
                for (var k = 0; k < scalar.Length; k++) Assert.Equal(scalar[k], lanes[k][lane], 1e-6);
                var sparse = group[lane].GetProperty("V_every_200").Numbers();
                for (var i = 0; i < sparse.Length; i++) Assert.Equal(sparse[i], lanes[200 * i][lane], 1e-6);
            }

            var summary = new Vector256<double>[TraceSummary.Size];
            TraceSummary.Of(lanes, summary);
            for (var lane = 0; lane < group.Length; lane++)
            {
                var expected = group[lane].GetProperty("stats_f64").Numbers();
                Assert.Equal(expected[0], summary[0][lane]);
                for (var i = 1; i < 7; i++) Assert.Equal(expected[i], summary[i][lane], 1e-9 * Math.Abs(expected[i]));
            }
        }
    }

    [Fact]
    public void Each_lane_of_a_summary_has_the_bits_of_the_scalar_one()
    {
        // The made-up traces, and rough ones where most maxima count.
        double[][] traces =
        [
            .. Golden.GetProperty("spike_edge_cases").EnumerateArray().Select(HodgkinHuxleyTraceTests.MadeUp),
            .. Enumerable.Range(0, 3).Select(index => Rough((ulong)index)),
        ];
        Assert.Equal(16, traces.Length);
        foreach (var group in traces.Chunk(4))
        {
            var lanes = Lanes(group, 0, CurrentStep.Points);
            var summary = new Vector256<double>[TraceSummary.Size];
            TraceSummary.Of(lanes, summary);
            var scalar = new double[TraceSummary.Size];
            for (var lane = 0; lane < group.Length; lane++)
            {
                TraceSummary.Of(group[lane], scalar);
                for (var i = 0; i < scalar.Length; i++) Assert.Equal(scalar[i], summary[i][lane]);
            }
        }
    }

    private static double[] Rough(ulong index)
    {
        var random = new CounterRandom(1, RandomPurpose.None, index);
        var trace = new double[CurrentStep.Points];
        for (var k = 0; k < trace.Length; k++) trace[k] = -60 + 80 * random.NextDouble();
        return trace;
    }

    private static Vector256<double>[] Integrate(double[][] theta, double[][] noise, int points)
    {
        var trace = Lanes(noise, -1, points);
        var mirror = Lanes([.. noise.Reverse()], -1, points);
        new MembraneLanes(Lanes(theta, 0, 8)).Integrate(new MembraneLanes(Lanes([.. theta.Reverse()], 0, 8)), trace, mirror);

        // Neither the lane nor the half that a trace runs in shows.
        for (var lane = 0; lane < noise.Length; lane++)
            Assert.Equal(trace[^1][lane], mirror[^1][noise.Length - 1 - lane]);
        return trace;
    }

    /// <summary>Element k of the result holds value k + <paramref name="shift"/> of every row; spare lanes repeat the last.</summary>
    private static Vector256<double>[] Lanes(double[][] rows, int shift, int count)
    {
        var lanes = new Vector256<double>[count];
        for (var k = Math.Max(0, -shift); k < count; k++)
            for (var lane = 0; lane < 4; lane++)
                lanes[k] = lanes[k].WithElement(lane, rows[Math.Min(lane, rows.Length - 1)][k + shift]);
        return lanes;
    }
}
