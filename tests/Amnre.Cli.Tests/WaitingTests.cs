using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

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
        // A server that hangs up at once, so that each try is seen.
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        using var process = CommandProcess.Start(_folder, verb, "--store", "s", "--postgres",
            $"Host=127.0.0.1;Port={port};Database=amnre;Username=amnre");
        for (var tries = 0; tries < 3; tries++) (await listener.AcceptSocketAsync(Stop)).Close(0);

        process.Interrupt();
        var (code, _, error) = await process.EndAsync(Stop);

        Assert.Equal(0, code);
        // It is hung up on while it connects or soon after: two causes, each said once.
        var said = error.Trim().Split('\n');
        Assert.InRange(said.Length, 1, 2);
        Assert.Equal(said.Distinct(), said);
        Assert.All(said, line =>
        {
            Assert.StartsWith($"amnre: the database at 127.0.0.1:{port} cannot be reached (", line, StringComparison.Ordinal);
            Assert.EndsWith("); retrying until it can", line, StringComparison.Ordinal);
        });
        // Nobody knows yet whose store it is: nothing was made there.
        Assert.False(Directory.Exists(Path.Combine(_folder, "s")));
    }

    [Theory]
    [InlineData("worker")]
    [InlineData("scheduler")]
    public async Task A_database_where_nobody_listens_is_named(string verb)
    {
        using var process = CommandProcess.Start(_folder, verb, "--store", "s", "--postgres", Nowhere);
        await Task.Delay(TimeSpan.FromSeconds(5), Stop);
        process.Interrupt();
        var (code, _, error) = await process.EndAsync(Stop);

        Assert.Equal(0, code);
        Assert.Equal("amnre: the database at 127.0.0.1:1 cannot be reached (Failed to connect to 127.0.0.1:1); retrying until it can",
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
}
