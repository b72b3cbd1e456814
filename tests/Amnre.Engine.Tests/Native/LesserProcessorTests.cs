using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Amnre.Engine.Catalog;
using Amnre.Engine.Detectors;
using Amnre.Engine.GravitationalWaves;
using Amnre.Engine.Native;
using Amnre.Engine.ReducedBases;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;
using Amnre.Engine.Truth;
using Amnre.Engine.Waveforms;

namespace Amnre.Engine.Tests.Native;

/// <summary>Datasets and truth are the same bytes on every kind of x64 processor: processes that may use less of this one make them
/// again.</summary>
public sealed class LesserProcessorTests
{
    private const string PathVariable = "AMNRE_TEST_DIGESTS";
    private const int Rows = 67;

    /// <summary>Without vectors the simulators that integrate equations take a hundred times as long.</summary>
    private const int FewRows = 5;

    [Theory]
    [InlineData("EnableAVX512", "AVX-512", "AVX2")]
    [InlineData("EnableAVX2", "AVX2", "SSE")]
    [InlineData("EnableHWIntrinsic", "SSE", "none")]
    public void Simulators_and_truth_make_the_same_bytes(string feature, string above, string below)
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64,
            "only x64 processors have these features to switch off");
        Assert.SkipUnless(Rank(ProcessorKind.Here.Vectors) >= Rank(above), $"this processor has no {above} to switch off");
        using var scratch = new ScratchDirectory();
        var (whole, lesser) = (scratch["whole"], scratch["lesser"]);
        Write(whole, null);
        Write(lesser, $"DOTNET_{feature}");

        var expected = File.ReadAllLines(whole);
        Assert.Equal($"vectors {ProcessorKind.Here.Vectors}", expected[0]);
        Assert.Equal([$"vectors {below}", .. expected[1..]], File.ReadAllLines(lesser));
    }

    [Fact(Explicit = true)]
    public void Digests_are_written()
    {
        var lines = new List<string> { $"vectors {ProcessorKind.Here.Vectors}" };
        foreach (var name in SimulatorCatalog.Names)
        {
            var simulator = name == "GW"
                ? new GravitationalWave(new WaveSetting { Name = name, Observatory = Observatory.Design, Basis = Basis() })
                : SimulatorCatalog.Find(name);
            var rows = simulator is Slcp or Mlcp ? Rows : FewRows;
            var (theta, x) = (new float[rows * simulator.ThetaSize], new float[rows * simulator.ObservationSize]);
            simulator.Sample(3, 5, theta, x);
            lines.Add($"{name} theta {Digest(theta)}");
            lines.Add($"{name} x {Digest(x)}");
        }

        var (slcp, observation) = (new Slcp(), new float[8]);
        slcp.Sample(1, 0, new float[5], observation);
        foreach (var (mask, histogram) in SlcpTruth.Marginals(observation, 20)
            .OrderBy(one => $"{one.Key}", StringComparer.Ordinal))
            lines.Add($"truth {mask} {Digest(histogram.Masses)}");
        var chains = new ChainSettings { Chains = 64, Steps = 32, Burn = 8, Seed = 1 };
        var joint = TruePosterior.Joint(slcp, observation, 0, 20, chains, 1, TestContext.Current.CancellationToken);
        lines.Add($"chains {Digest(joint.Masses)}");
        File.WriteAllLines(Environment.GetEnvironmentVariable(PathVariable)!, lines);
    }

    /// <summary>Given, since making one takes a thousand signals.</summary>
    private static ReducedBasis Basis()
    {
        const int Columns = 16;
        var vectors = new float[FrequencyGrid.Bins * Columns * 2];
        for (var i = 0; i < vectors.Length; i++) vectors[i] = i % 7 * 0.01f;
        return new ReducedBasis(vectors, Columns);
    }

    private static int Rank(string vectors) => Array.IndexOf(["none", "SSE", "AVX2", "AVX-512"], vectors);

    private static string Digest(ReadOnlySpan<float> values) => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(values)));

    private static void Write(string path, string? off)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["-method", $"*.{nameof(Digests_are_written)}", "-explicit", "only"])
        {
            RedirectStandardOutput = true,
        };
        start.Environment[PathVariable] = path;
        if (off is not null) start.Environment[off] = "0";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output);
    }
}
