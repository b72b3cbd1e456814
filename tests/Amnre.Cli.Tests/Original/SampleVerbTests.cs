using System.Diagnostics;
using System.Text.Json;
using Amnre.Engine.Catalog;
using Amnre.Engine.SampleFiles;

namespace Amnre.Cli.Tests.Original;

/// <summary>The real command, on the original's own command lines.</summary>
public sealed class SampleVerbTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("amnre-test-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_command_lines_of_the_original_make_its_files()
    {
        string[] lines =
        [
            "-simulator SLCP -seed 0 -samples 16384 -o samples/slcp-train.h5",
            "-simulator SLCP -seed 1 -samples 4096 -o samples/slcp-test.h5",
            "-simulator HH -seed 0 -moments -dump 512 -batch-size 128 -events -o samples/hh-event.h5",
            "-simulator HH -seed 1 -moments -reference samples/hh-event.h5 -samples 2048 -batch-size 256 -o samples/hh-train.h5",
            "-simulator HH -seed 4 -moments -reference samples/hh-event.h5 -samples 1000 -batch-size 300 -chunk-size 400 -o " +
                "samples/hh-adv.h5",
        ];
        foreach (var line in lines)
        {
            var (code, _, error) = await CommandProcess.RunAsync(_folder, $"sample {line}", Stop);
            Assert.True(code == 0, $"{line}: {error}");
        }

        using var train = Open("samples/slcp-train.h5");
        Assert.Equal((16384, 5), (train.Rows, train.ThetaSize));
        Assert.Equal([4, 2], train.ObservationShape);
        Assert.Null(train.Moments);
        var (theta, expectedTheta, x, expectedX) = (new float[5], new float[5], new float[8], new float[8]);
        train.Read(16383, theta, x);
        SimulatorCatalog.Find("SLCP").Sample(0, 16383, expectedTheta, expectedX);
        Assert.Equal(expectedTheta, theta);
        Assert.Equal(expectedX, x);

        using var neuronEvent = Open("samples/hh-event.h5");
        using var neurons = Open("samples/hh-adv.h5");
        Assert.Equal((1, 8), (neuronEvent.Rows, neuronEvent.ThetaSize));
        Assert.Equal((1000, 8), (neurons.Rows, neurons.ThetaSize));
        Assert.Equal(neurons.Moments!.Mu, neuronEvent.Moments!.Mu);
        Assert.Equal(neurons.Moments.Sigma, neuronEvent.Moments.Sigma);
    }

    [Fact]
    public async Task A_seed_that_nobody_named_is_drawn_printed_and_recorded()
    {
        var (code, output, error) = await CommandProcess.RunAsync(_folder, "sample --samples 100 --json -o a.h5", Stop);

        Assert.Equal(0, code);
        using var result = JsonDocument.Parse(output);
        var seed = result.RootElement.GetProperty("seed").GetUInt64();
        Assert.Contains($"--seed {seed}", error, StringComparison.Ordinal);
        using (var file = Open("a.h5")) Assert.Equal(seed, file.Origin!.Seed);
        Assert.Equal(0, (await CommandProcess.RunAsync(_folder, $"sample --samples 100 --seed {seed} -o b.h5", Stop)).Code);
        Assert.Equal(
            await File.ReadAllBytesAsync(Path.Combine(_folder, "a.h5"), Stop),
            await File.ReadAllBytesAsync(Path.Combine(_folder, "b.h5"), Stop));
    }

    [Fact]
    public async Task The_result_can_be_read_by_programs()
    {
        var (code, output, error) = await CommandProcess.RunAsync(_folder,
            "sample -seed 3 -samples 500 -first-row 100 -compress 1 -json -o a.h5", Stop);

        Assert.Equal((0, ""), (code, error));
        using var result = JsonDocument.Parse(Assert.Single(output.TrimEnd().Split('\n')));
        using var file = Open("a.h5");
        Assert.Equal((3, 500, 100, 600), (Number("seed"), Number("rows"), Number("first_row"), Number("end_row")));
        Assert.Equal(Convert.ToHexStringLower(file.Origin!.XDigest.Span), result.RootElement.GetProperty("x_sha256").GetString());
        Assert.Equal(new FileInfo(Path.Combine(_folder, "a.h5")).Length, Number("bytes"));

        long Number(string name) => result.RootElement.GetProperty(name).GetInt64();
    }

    [Theory]
    [InlineData("-smaples 3", "did you mean '-samples'?")]
    [InlineData("-seed -1", "-1")]
    [InlineData("-samples none", "none")]
    [InlineData("-samples 0", "samples: 0 is too small")]
    [InlineData("-simulator GV", "simulator 'GV' is not known")]
    [InlineData("-on-nonfinite skip", "give one of error, drop, keep")]
    [InlineData("-basis gone.h5", "--basis says nothing for SLCP")]
    [InlineData("-simulator GW -basis gone.h5", "reduced basis 'gone.h5'")]
    [InlineData("-device cuda", "SLCP does not simulate on device 'cuda'")]
    [InlineData("-simulator GW -device gpu", "'gpu' is unknown")]
    [InlineData("-simulator GW -device cuda:99", "device 'cuda:99' is not there")]
    [InlineData("-simulator gone.h5", "make one with 'amnre gw prepare'")]
    [InlineData("-events", "SLCP has no reference events")]
    [InlineData("-moments -reference gone.h5", "there is no such file")]
    public async Task What_cannot_be_done_is_refused_before_anything_is_made(string options, string message)
    {
        var (code, output, error) = await CommandProcess.RunAsync(_folder, $"sample {options} -o a.h5", Stop);

        Assert.Equal((2, ""), (code, output));
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task Options_that_say_nothing_are_pointed_out()
    {
        var (code, _, error) = await CommandProcess.RunAsync(_folder, "sample -seed 1 -samples 8 -live -reference x.h5 -o a.h5", Stop);

        Assert.Equal(0, code);
        Assert.Contains("--live says nothing for SLCP", error, StringComparison.Ordinal);
        Assert.Contains("--reference says nothing without --moments", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_leaves_nothing_half_written_and_says_how_to_go_on()
    {
        using var process = CommandProcess.Start(_folder, "sample", "-simulator", "HH", "-seed", "1", "-samples", "10000000", "-o", "a.h5");
        var waited = Stopwatch.GetTimestamp();
        while (Directory.GetFiles(_folder).Length == 0 && Stopwatch.GetElapsedTime(waited) < TimeSpan.FromMinutes(5))
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Stop);
        process.Interrupt();
        var (code, output, error) = await process.EndAsync(Stop);

        Assert.Equal((130, ""), (code, output));
        Assert.Contains("'a.h5' was not written", error, StringComparison.Ordinal);
        Assert.Contains("--seed 1", error, StringComparison.Ordinal);
        Assert.Contains("--first-row", error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task A_place_that_cannot_be_written_is_named()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "file"), "", Stop);
        var (code, output, error) = await CommandProcess.RunAsync(_folder, "sample -seed 1 -samples 8 -o file/a.h5", Stop);

        Assert.Equal((1, ""), (code, output));
        Assert.Contains("'file/a.h5' cannot be written", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_is_no_file()
    {
        var (code, _, error) = await CommandProcess.RunAsync(_folder, "sample -seed 1 -samples 8 -o .", Stop);

        Assert.Equal(1, code);
        Assert.Contains("is a folder", error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task A_full_disk_is_explained_and_left_clean()
    {
        var disk = Directory.CreateDirectory(Path.Combine(_folder, "disk")).FullName;
        using (var mount = Process.Start(new ProcessStartInfo("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", disk])
        {
            RedirectStandardError = true,
        })!)
        {
            await mount.WaitForExitAsync(Stop);
            Assert.SkipUnless(mount.ExitCode == 0, "this process may not mount a small tmpfs");
        }

        try
        {
            foreach (var compress in (int[])[0, 1])
            {
                var (code, output, error) = await CommandProcess.RunAsync(_folder,
                    $"sample -seed 1 -samples 100000 -chunk-size 4096 -compress {compress} -o disk/a.h5", Stop);
                Assert.Equal((1, ""), (code, output));
                Assert.Contains("'disk/a.h5' cannot be written", error, StringComparison.Ordinal);
                Assert.Contains("free space", error, StringComparison.Ordinal);
                Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
                Assert.Empty(Directory.GetFiles(disk));
            }
        }
        finally
        {
            using var unmount = Process.Start("umount", disk);
            await unmount.WaitForExitAsync(CancellationToken.None);
        }
    }

    [Fact]
    public async Task Help_shows_every_option_with_examples()
    {
        var (code, output, _) = await CommandProcess.RunAsync(_folder, "sample -help", Stop);

        Assert.Equal(0, code);
        foreach (var option in (string[])["simulator", "live", "seed", "samples", "chunk-size", "batch-size", "reference", "events",
            "moments", "dump", "output"])
            Assert.Contains($"--{option}", output, StringComparison.Ordinal);
        Assert.Contains("amnre sample -simulator SLCP -seed 0 -samples 1048576 -o slcp-train.h5", output, StringComparison.Ordinal);
        Assert.Contains("biases ratio estimators", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Drawing_loads_neither_the_tensor_library_nor_the_host()
    {
        var (code, _, _) = await CommandProcess.RunAsync(_folder, "sample -seed 1 -samples 8 -o a.h5", Stop);
        Assert.Equal(0, code);

        using var process = CommandProcess.Start(_folder, "sample", "-simulator", "HH", "-seed", "1", "-samples", "10000000", "-o", "b.h5");
        var waited = Stopwatch.GetTimestamp();
        while (!process.IsWriting("b.h5") && Stopwatch.GetElapsedTime(waited) < TimeSpan.FromMinutes(5))
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Stop);
        var loaded = process.LoadedFiles();
        process.Interrupt();
        await process.EndAsync(Stop);

        Assert.Contains(loaded, file => file.EndsWith("/Amnre.Engine.dll", StringComparison.Ordinal));
        foreach (var unwanted in (string[])["torch", "Npgsql", "Hangfire", "AspNetCore", "Serilog", "Spectre"])
            Assert.DoesNotContain(loaded, file => Path.GetFileName(file).Contains(unwanted, StringComparison.OrdinalIgnoreCase));
    }

    private SampleFile Open(string name) => SampleFile.Open(Path.Combine(_folder, name));
}
