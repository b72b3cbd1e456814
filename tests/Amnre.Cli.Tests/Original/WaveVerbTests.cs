using System.Globalization;
using System.Text.Json;
using Amnre.Engine.SampleFiles;

namespace Amnre.Cli.Tests.Original;

/// <summary>The real command on gravitational waves.</summary>
public sealed class WaveVerbTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("amnre-test-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_command_lines_of_the_original_make_its_files()
    {
        await RunAsync("sample -simulator GW -seed 0 -events -o samples/gw-event.h5");
        await RunAsync("sample -simulator GW -live -seed 1 -samples 96 -o samples/gw-train.h5");
        await RunAsync("sample -simulator GW -seed 1 -samples 96 -o samples/gw-noisy.h5");

        using var measured = Open("samples/gw-event.h5");
        using var signals = Open("samples/gw-train.h5");
        using var noisy = Open("samples/gw-noisy.h5");
        Assert.Equal((1, 15), (measured.Rows, measured.ThetaSize));
        Assert.Equal((96, 15), (signals.Rows, signals.ThetaSize));
        Assert.Equal([2, 128, 2], signals.ObservationShape);
        var (theta, noisyTheta, x, noisyX) = (new float[96 * 15], new float[96 * 15], new float[96 * 512], new float[96 * 512]);
        signals.Read(0, theta, x);
        noisy.Read(0, noisyTheta, noisyX);
        Assert.Equal(theta, noisyTheta);
        Assert.Equal(1, Math.Sqrt(x.Zip(noisyX, (a, b) => Math.Pow(a - b, 2)).Average()), 0.02);
    }

    [Fact]
    public async Task A_pack_and_a_basis_are_made_and_used()
    {
        await RunAsync("gw prepare -columns 8 -o small.h5");
        var made = await RunAsync("gw basis -simulator small.h5 -draws 24 -held-out 6 -json -o basis.h5");
        await RunAsync("sample -simulator small.h5 -basis basis.h5 -seed 1 -samples 10 -o a.h5");
        await RunAsync("gw prepare -columns 8 -basis basis.h5 -o whole.h5");
        await RunAsync("sample -simulator whole.h5 -seed 1 -samples 10 -o b.h5");

        using var quality = JsonDocument.Parse(made);
        Assert.InRange(quality.RootElement.GetProperty("mismatch_mean").GetDouble(), 0.001, 0.9);
        using var a = Open("a.h5");
        using var b = Open("b.h5");
        Assert.Equal([2, 8, 2], a.ObservationShape);
        Assert.Equal(a.Origin!.XDigest.ToArray(), b.Origin!.XDigest.ToArray());
    }

    [Theory]
    [InlineData("gw prepair", "did you mean 'prepare'?")]
    [InlineData("gw prepare -o pack.pth", "let its name end in .h5")]
    [InlineData("gw prepare -psd a.txt b.txt -o pack.h5", "there is no file 'a.txt'")]
    [InlineData("gw prepare -strain a.txt b.txt -o pack.h5", "give both spectra as well")]
    [InlineData("gw prepare -event-time 12 -o pack.h5", "not in GPS seconds")]
    [InlineData("gw basis -simulator SLCP -o basis.h5", "has no reduced basis")]
    [InlineData("gw basis -draws 3 -o basis.h5", "as many signals as vectors")]
    public async Task What_cannot_be_done_is_refused(string line, string message)
    {
        var (code, _, error) = await CommandProcess.RunAsync(_folder, line, Stop);

        Assert.Equal(2, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    /// <summary>The size is scaled down with the budget: 74 MB of rows in 40 MiB of memory, 4 of them for rows.</summary>
    [Fact]
    public async Task Data_larger_than_the_memory_for_it_are_drawn_in_shards_and_trained_on_and_a_kill_changes_nothing()
    {
        const int Shard = 18_000;
        await RunAsync("gw basis -draws 64 -held-out 0 -o basis.h5");
        await RunAsync($"sample -simulator GW -basis basis.h5 -live -seed 1 -samples {Shard} -chunk-size 1024 -o shards/0.h5");
        await RunAsync(
            $"sample -simulator GW -basis basis.h5 -live -seed 1 -first-row {Shard} -samples {Shard} -chunk-size 1024 -o shards/1.h5");
        const string Options =
            """-simulator GW -live -arbitrary -model {"num_layers":1,"hidden_size":16,"activation":"ELU"} -bs 256 -epochs 3 -desc 96 -scheduler cosine -seed 5 -threads 1 -buffer-mib 4""";

        await RunAsync($"train -samples shards {Options} -o undisturbed.pth");

        // All that is managed has less memory than the rows alone would take.
        var limited = new Dictionary<string, string> { ["DOTNET_GCHeapHardLimit"] = "0x2800000" };
        Assert.True(Directory.GetFiles(Path.Combine(_folder, "shards")).Sum(file => new FileInfo(file).Length) > 70 << 20);
        var line = $"train -samples shards {Options} -o killed.pth".Split(' ');
        using (var process = CommandProcess.StartWith(limited, _folder, line))
        {
            var end = process.EndAsync(Stop);
            var folder = Path.Combine(_folder, "killed.checkpoints");
            while (!end.IsCompleted && (!Directory.Exists(folder) || Directory.GetFiles(folder, "checkpoint*").Length == 0))
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Stop);
            if (!end.IsCompleted) process.Kill();
            Assert.NotEqual(0, (await end).Code);
        }

        using (var again = CommandProcess.StartWith(limited, _folder, line))
        {
            var (code, _, error) = await again.EndAsync(Stop);
            Assert.True(code == 0, error);
        }

        Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(_folder, "undisturbed.pth"), Stop),
            await File.ReadAllBytesAsync(Path.Combine(_folder, "killed.pth"), Stop));
    }

    private async Task<string> RunAsync(string line)
    {
        var (code, output, error) = await CommandProcess.RunAsync(_folder, line, Stop);
        Assert.True(code == 0, string.Create(CultureInfo.InvariantCulture, $"{line}: {code}: {error}"));
        return output;
    }

    private SampleFile Open(string name) => SampleFile.Open(Path.Combine(_folder, name));
}
