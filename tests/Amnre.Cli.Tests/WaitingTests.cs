using System.Diagnostics;

namespace Amnre.Cli.Tests;

/// <summary>Processes that go on for long, on a terminal where somebody wants to know what they do.</summary>
public sealed class WaitingTests : IDisposable
{
    private const string Nowhere = "Host=127.0.0.1;Port=1;Database=amnre;Username=amnre";
    private readonly string _folder = Directory.CreateTempSubdirectory("amnre-waiting-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("worker")]
    [InlineData("scheduler")]
    public async Task A_database_that_cannot_be_reached_is_named_once_and_tried_until_the_end(string verb)
    {
        using var process = CommandProcess.Start(_folder, verb, "--store", "s", "--postgres", Nowhere);
        await TriedAsync($"{verb}-*.log", 3);

        process.Interrupt();
        var (code, _, error) = await process.EndAsync(Stop);

        Assert.Equal(0, code);
        Assert.Equal("amnre: the database at 127.0.0.1:1 cannot be reached (Failed to connect to 127.0.0.1:1); trying until it can",
            error.Trim());
    }

    [Fact]
    public async Task A_standard_input_that_cannot_be_read_is_as_good_as_closed()
    {
        using var process = Process.Start(
            new ProcessStartInfo("/bin/sh",
                ["-c", $"exec {CommandProcess.Program()} scheduler --store s --postgres '{Nowhere}' --leave-with-input < /tmp"])
            {
                WorkingDirectory = _folder,
                RedirectStandardError = true,
            })!;
        var error = await process.StandardError.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop);

        Assert.DoesNotContain("Unhandled", error, StringComparison.Ordinal);
        Assert.Equal(0, process.ExitCode);
    }

    private async Task TriedAsync(string log, int times)
    {
        var logs = Path.Combine(_folder, "s", "logs");
        var waited = Stopwatch.StartNew();
        while (!Directory.Exists(logs)
            || Directory.EnumerateFiles(logs, log)
            .Sum(file => File.ReadLines(file).Count(line => line.Contains("out of reach", StringComparison.Ordinal))) < times)
        {
            Assert.True(waited.Elapsed < TimeSpan.FromMinutes(2), "it did not try");
            await Task.Delay(100, Stop);
        }
    }
}
