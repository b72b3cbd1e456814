using System.Runtime.InteropServices;
using System.Text.Json;
using Amnre.Engine.Simulators;
using Amnre.Engine.Tests.Golden;

namespace Amnre.Engine.Tests.Simulators;

public sealed class HodgkinHuxleyTraceTests
{
    private const double Millivolts = 1e-6;

    private static readonly JsonElement Golden = GoldenFile.Read("hh.json");

    public static TheoryData<int> Simulations => [.. Enumerable.Range(0, Golden.GetProperty("sims").GetArrayLength())];

    public static TheoryData<string> EdgeCases =>
        [.. Golden.GetProperty("spike_edge_cases").EnumerateArray().Select(edge => edge.GetProperty("name").GetString()!)];

    [Fact]
    public void The_whole_trace_equals_the_original_under_its_gaussian_noise()
    {
        var golden = Golden.GetProperty("gaussian_trace");
        var expected = Stored("hh_V_thetastar_randomstate0.f64");
        var trace = new double[CurrentStep.Points];
        Membrane.Integrate(golden.GetProperty("theta").Numbers(), Stored("hh_noise_randomstate0.f64"), trace);

        Assert.Equal(expected.Length, trace.Length);
        for (var k = 0; k < trace.Length; k++) Assert.Equal(expected[k], trace[k], Millivolts);
        AssertSummary(golden.GetProperty("stats_f64"), trace);
    }

    [Theory]
    [MemberData(nameof(Simulations))]
    public void Traces_and_summaries_equal_the_original(int index)
    {
        var golden = Golden.GetProperty("sims")[index];
        var trace = new double[CurrentStep.Points];
        var noise = Noise(golden);
        Membrane.Integrate(golden.GetProperty("theta").Numbers(), noise, trace);

        Assert.Equal(golden.GetProperty("noise_first3").Numbers(), noise[..3]);
        var sparse = golden.GetProperty("V_every_200").Numbers();
        for (var i = 0; i < sparse.Length; i++) Assert.Equal(sparse[i], trace[200 * i], Millivolts);
        Assert.Equal(golden.GetProperty("V_first5").Numbers(), trace[..5], (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal(golden.GetProperty("V_last").GetDouble(), trace[^1], Millivolts);
        Assert.Equal(golden.GetProperty("V_min").GetDouble(), trace.Min(), Millivolts);
        Assert.Equal(golden.GetProperty("V_max").GetDouble(), trace.Max(), Millivolts);
        AssertSummary(golden.GetProperty("stats_f64"), trace);
    }

    [Theory]
    [MemberData(nameof(EdgeCases))]
    public void Spikes_of_made_up_traces_count_as_in_the_original(string name)
    {
        var golden = Golden.GetProperty("spike_edge_cases").EnumerateArray().Single(edge => edge.GetProperty("name").GetString() == name);
        AssertSummary(golden.GetProperty("stats"), MadeUp(golden));
    }

    internal static double[] Noise(JsonElement simulation)
    {
        var noise = new double[CurrentStep.Points];
        if (simulation.GetProperty("noise").GetString() == "zero") return noise;
        var state = simulation.GetProperty("lcg_seed").GetUInt64();
        for (var k = 0; k < noise.Length; k++)
        {
            state = state * 6364136223846793005 + 1442695040888963407;
            noise[k] = ((state >> 11) * (1.0 / (1L << 53)) - 0.5) * 3.4641016151377544;
        }

        return noise;
    }

    internal static double[] Stored(string name) =>
        MemoryMarshal.Cast<byte, double>(File.ReadAllBytes(GoldenFile.Path(name))).ToArray();

    internal static double[] MadeUp(JsonElement edge)
    {
        var name = edge.GetProperty("name").GetString()!;
        var trace = new double[CurrentStep.Points];
        Array.Fill(trace, name.StartsWith("nan", StringComparison.Ordinal) ? double.NaN : -70);
        if (name.StartsWith("plateau", StringComparison.Ordinal))
            for (var i = 0; i < 20; i++)
            {
                trace[4000 + i] = -70 + i * (100 / 19.0);
                trace[4020 + i] = 30;
                trace[4040 + i] = 30 - i * (100 / 19.0);
            }

        if (!edge.TryGetProperty("peaks", out var peaks)) return trace;
        var (height, half) = (edge.GetProperty("amp").GetDouble() + 70, edge.GetProperty("half_width").GetInt32());
        foreach (var peak in peaks.EnumerateArray().Select(peak => peak.GetInt32()))
            for (var d = -half; d <= half; d++) trace[peak + d] = -70 + height * (1 - Math.Abs(d) / (double)half);
        return trace;
    }

    internal static double[] Summary(JsonElement stored) =>
        [.. stored.EnumerateArray().Select(value =>
            value.ValueKind == JsonValueKind.String ? double.Parse(value.GetString()!) : value.GetDouble())];

    private static void AssertSummary(JsonElement golden, double[] trace)
    {
        var expected = Summary(golden);
        var summary = new double[TraceSummary.Size];
        TraceSummary.Of(trace, summary);
        Assert.Equal(expected[0], summary[0]);
        Assert.Equal(expected, summary, (a, b) => a.Equals(b) || Math.Abs(a - b) <= 1e-9 * Math.Abs(a));
    }
}
