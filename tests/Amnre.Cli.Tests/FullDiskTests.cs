using System.Diagnostics;

namespace Amnre.Cli.Tests;

/// <summary>A disk that fills at several moments: said once with the path and the need, waited for, and given up after the stated time with
/// exit code 1.</summary>
public sealed class FullDiskTests : IDisposable
{
    private const string Long =
        """
        name: y
        simulator: SLCP
        datasets: { a: { rows: 4096, seed: 0 } }
        models: { m: { samples: a, arbitrary: true, epochs: 1000000, model: { num_layers: 2, hidden_size: 16 } } }
        """;

    /// <summary>What PostgreSQL, its programs and its driver say of a full disk.</summary>
    private static readonly string[] Raw = ["PANIC", "FATAL", "ERROR:", "53100", "could not ", "initdb:", "   at ", "Exception"];

    private readonly string _folder = Directory.CreateTempSubdirectory("amnre-disk-").FullName;
    private bool _mounted;

    public FullDiskTests()
    {
        File.WriteAllText(Path.Combine(_folder, "y.yaml"), Long);
        File.SetUnixFileMode(_folder, File.GetUnixFileMode(_folder) | UnixFileMode.OtherExecute);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Disk => Path.Combine(_folder, "disk");

    public void Dispose()
    {
        if (_mounted) Process.Start("umount", ["-l", Disk]).WaitForExit();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_disk_that_fills_during_a_run_ends_it_after_the_stated_time()
    {
        await MountAsync("220m");
        using var process = Run("8");
        await UntilAsync(() => Directory.Exists(Path.Combine(Disk, "s", "checkpoints")));
        await FillAsync();
        var (code, output, error) = await process.EndAsync(Stop);

        Assert.True(code == 1, output + error);
        Assert.Single(Lines(error), line => line.Contains("is full: 16 MiB are needed there", StringComparison.Ordinal)
            && line.Contains("the timeout is 8 s (AMNRE_DISK_PATIENCE)", StringComparison.Ordinal));
        Assert.Single(Lines(error), line => line.StartsWith("amnre: the disk of ", StringComparison.Ordinal)
            && line.Contains("did not change within 8 s", StringComparison.Ordinal));
        NothingRaw(output + error);
    }

    [Fact]
    public async Task A_disk_that_has_room_again_lets_the_run_go_on()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "y.yaml"), Long.Replace("1000000", "60", StringComparison.Ordinal), Stop);
        await MountAsync("220m");
        using var process = Run("300");
        await UntilAsync(() => Directory.Exists(Path.Combine(Disk, "s", "checkpoints")));
        await FillAsync();
        await Task.Delay(TimeSpan.FromSeconds(6), Stop);
        File.Delete(Path.Combine(Disk, "fill"));
        var (code, output, error) = await process.EndAsync(Stop);

        Assert.True(code == 0, output + error);
        Assert.Single(Lines(error), line => line.Contains("is full: 16 MiB are needed there", StringComparison.Ordinal));
        Assert.Single(Lines(error), line => line.Contains("there is room on the disk of", StringComparison.Ordinal));
        NothingRaw(output + error);
    }

    [Fact]
    public async Task A_disk_that_fills_while_the_database_is_made_is_waited_for_too()
    {
        await MountAsync("90m");
        using var process = Run("5");
        await UntilAsync(() => Directory.Exists(Path.Combine(Disk, "s", "postgres", "server"))
            && Directory.EnumerateDirectories(Path.Combine(Disk, "s", "postgres", "server"), "cluster.new*").Any());
        await FillAsync();
        var (code, output, error) = await process.EndAsync(Stop);

        Assert.True(code == 1, output + error);
        Assert.Single(Lines(error), line => line.Contains("is full: 64 MiB are needed there", StringComparison.Ordinal)
            && line.Contains("the timeout is 5 s (AMNRE_DISK_PATIENCE)", StringComparison.Ordinal));
        Assert.Single(Lines(error), line => line.StartsWith("amnre: the disk of ", StringComparison.Ordinal)
            && line.Contains("did not change within 5 s", StringComparison.Ordinal));
        NothingRaw(output + error);
        Assert.DoesNotContain("No space left", output + error, StringComparison.Ordinal);

        // With room again, the same command does it all.
        File.Delete(Path.Combine(Disk, "fill"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "y.yaml"), "name: y\nsimulator: SLCP\ndatasets:\n  a: { rows: 64 }\n", Stop);
        using var again = Run("5");
        var (second, _, said) = await again.EndAsync(Stop);
        Assert.True(second == 0, said);
    }

    [Theory]
    [InlineData("submit")]
    [InlineData("extend")]
    public async Task What_is_submitted_to_a_full_disk_is_waited_for_and_given_up(string verb)
    {
        await MountAsync("220m");
        var (made, said) = await AmnreAsync("300", "submit", "y.yaml", "--store", "disk/s");
        Assert.True(made == 0, said);
        await FillAsync();
        var (code, error) = await AmnreAsync("2", verb, "y.yaml", "--store", "disk/s");

        Assert.True(code == 1, error);
        Assert.Contains("did not change within 2 s", error, StringComparison.Ordinal);
        NothingRaw(error);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("submit")]
    [InlineData("extend")]
    public async Task Rows_that_no_disk_here_holds_are_refused_by_all_who_take_a_plan(string verb)
    {
        if (verb == "extend") Assert.Equal(0, (await AmnreAsync("300", "submit", "y.yaml", "--store", "s")).Code);
        await File.WriteAllTextAsync(Path.Combine(_folder, "large.yaml"), Long.Replace("4096", "1000000000000", StringComparison.Ordinal),
            Stop);
        var (code, error) = await AmnreAsync("2", verb, "large.yaml", "--store", "s");

        Assert.True(code == 2, error);
        Assert.Contains("datasets: their rows take", error, StringComparison.Ordinal);
        Assert.Contains("draw fewer rows, or name a store on a larger one", error, StringComparison.Ordinal);
    }

    private static List<string> Lines(string text) => [.. text.Split('\n').Where(line => line.Length > 0)];

    private static void NothingRaw(string said)
    {
        foreach (var word in Raw) Assert.DoesNotContain(word, said, StringComparison.Ordinal);
    }

    private async Task MountAsync(string size)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "a disk of its own needs root");
        Directory.CreateDirectory(Disk);
        using var mount = Process.Start(new ProcessStartInfo("mount", ["-t", "tmpfs", "-o", $"size={size},mode=755", "tmpfs", Disk])
        {
            RedirectStandardError = true,
        })!;
        await mount.WaitForExitAsync(Stop);
        Assert.SkipUnless(mount.ExitCode == 0, "no disk can be mounted here");
        _mounted = true;
    }

    private async Task FillAsync()
    {
        using var fill = Process.Start(new ProcessStartInfo("dd", ["if=/dev/zero", $"of={Path.Combine(Disk, "fill")}", "bs=64k"])
        {
            RedirectStandardError = true,
        })!;
        await fill.WaitForExitAsync(Stop);
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        while (!holds()) await Task.Delay(20, Stop);
    }

    private CommandProcess Run(string patience) => CommandProcess.StartWith(
        new Dictionary<string, string> { ["AMNRE_DISK_PATIENCE"] = patience }, _folder, "run", "y.yaml", "--store", "disk/s", "--workers",
        "1");

    private async Task<(int Code, string Said)> AmnreAsync(string patience, params string[] words)
    {
        using var process = CommandProcess.StartWith(new Dictionary<string, string> { ["AMNRE_DISK_PATIENCE"] = patience }, _folder, words);
        var (code, output, error) = await process.EndAsync(Stop);
        return (code, output + error);
    }
}
