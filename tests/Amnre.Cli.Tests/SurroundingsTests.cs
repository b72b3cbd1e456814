using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Amnre.Cli.Diagnosis;
using Amnre.Cli.Operations;

namespace Amnre.Cli.Tests;

/// <summary>The command in places where something is other than usual: limits, variables, libraries, disks.</summary>
public sealed class SurroundingsTests : IDisposable
{
    private const string Study = "name: y\nsimulator: SLCP\ndatasets:\n  a: { rows: 64 }\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("amnre-places-").FullName;

    public SurroundingsTests()
    {
        File.WriteAllText(Path.Combine(_folder, "y.yaml"), Study);
        File.SetUnixFileMode(_folder, File.GetUnixFileMode(_folder) | UnixFileMode.OtherExecute);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("run y.yaml --store s", 2)]
    [InlineData("scheduler --store s --postgres Host=127.0.0.1", 2)]
    [InlineData("worker --store s --postgres Host=127.0.0.1", 2)]
    public async Task Too_few_open_files_are_named(string line, int code)
    {
        var (ended, said) = await ShellAsync($"ulimit -n 256; exec {CommandProcess.Program()} {line}");

        Assert.Contains("only 256 files and connections", said, StringComparison.Ordinal);
        Assert.Equal(code, ended);
        Assert.False(Directory.Exists(Path.Combine(_folder, "s")));
    }

    [Fact]
    public async Task Another_PyTorch_among_the_systems_libraries_is_passed_over()
    {
        // No libraries at all: whoever opens one of them fails.
        var others = Directory.CreateDirectory(Path.Combine(_folder, "others")).FullName;
        foreach (var name in new[] { "libtorch.so", "libc10.so", "libtorch_cpu.so" })
            await File.WriteAllTextAsync(Path.Combine(others, name), "not a library", Stop);

        using var process = CommandProcess.StartWith(new Dictionary<string, string> { ["LD_LIBRARY_PATH"] = others }, _folder, "sample",
            "-simulator", "SLCP", "-samples", "16", "--seed", "0", "-o", "o.h5");
        var (code, _, error) = await process.EndAsync(Stop);
        Assert.True(code == 0, error);

        using var doctor = CommandProcess.StartWith(new Dictionary<string, string> { ["LD_LIBRARY_PATH"] = others }, _folder, "doctor",
            "--store", "none");
        var found = (await doctor.EndAsync(Stop)).Output.Split('\n').Single(line => line.Contains("libtorch: ", StringComparison.Ordinal));
        Assert.Contains("ok", found, StringComparison.Ordinal);
        Assert.Contains("libtorch_cpu.so", found, StringComparison.Ordinal);
        Assert.DoesNotContain(others, found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_is_not_asked_for_this_machines_own_addresses()
    {
        using var proxy = new TcpListener(IPAddress.Loopback, 0);
        proxy.Start();
        var asked = proxy.AcceptSocketAsync(Stop).AsTask();
        var address = $"http://127.0.0.1:{((IPEndPoint)proxy.LocalEndpoint).Port}";
        var environment = new Dictionary<string, string>
        {
            ["http_proxy"] = address,
            ["AMNRE_URL"] = "http://127.0.0.1:9",
            ["AMNRE_TOKEN"] = "a-token-of-mine",
        };

        using var process = CommandProcess.StartWith(environment, _folder, "status");
        var (code, _, error) = await process.EndAsync(Stop);

        Assert.Equal(2, code);
        Assert.Contains("http://127.0.0.1:9/ does not answer: Connection refused", error, StringComparison.Ordinal);
        Assert.False(asked.IsCompleted, "the proxy was asked");
    }

    [Fact]
    public async Task A_full_disk_is_said_once_waited_for_and_given_up()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "a disk of its own needs root");
        var disk = Directory.CreateDirectory(Path.Combine(_folder, "disk")).FullName;
        Assert.SkipUnless((await ShellAsync($"mount -t tmpfs -o size=8m tmpfs {disk}")).Code == 0, "no disk can be mounted here");
        try
        {
            using var process = CommandProcess.StartWith(new Dictionary<string, string> { ["AMNRE_DISK_PATIENCE"] = "2" }, _folder, "run",
                "y.yaml", "--store", "disk/s");
            var (code, _, error) = await process.EndAsync(Stop);

            Assert.Equal(1, code);
            var lines = error.Trim().Split('\n');
            Assert.Equal(2, lines.Length);
            Assert.Contains("/disk/s is full: 16 MiB are needed there", lines[0], StringComparison.Ordinal);
            Assert.Contains("the timeout is 2 s (AMNRE_DISK_PATIENCE)", lines[0], StringComparison.Ordinal);
            Assert.Contains("did not change within 2 s", lines[1], StringComparison.Ordinal);
            Assert.Empty(Directory.EnumerateFileSystemEntries(disk));
        }
        finally
        {
            await ShellAsync($"umount {disk}");
        }
    }

    /// <summary>Kills of the command itself, with nothing else ended: its orphans go on or end as they like.</summary>
    [Fact]
    public async Task A_run_that_is_killed_at_any_moment_of_its_start_is_followed_by_one_that_succeeds()
    {
        var random = new Random(1);
        for (var round = 0; round < 6; round++)
        {
            using var process = CommandProcess.Start(_folder, "run", "y.yaml", "--store", "s", "--workers", "1");
            await Task.Delay(random.Next(300, 5000), Stop);
            process.Kill();
        }

        var (code, output, error) = await CommandProcess.RunAsync(_folder, "run y.yaml --store s --workers 1", Stop);
        Assert.True(code == 0, output + error);
    }

    [Fact]
    public void Findings_have_names_of_their_own()
    {
        var found = DoctorVerb.Unique(
            [new Finding("a", Verdict.Fine, "1"), new Finding("b", Verdict.Fine, "2"), new Finding("a", Verdict.Fine, "3"),
                new Finding("a", Verdict.Fine, "4")]);
        Assert.Equal(["a", "b", "a 2", "a 3"], found.Select(one => one.Check));
    }

    private async Task<(int Code, string Said)> ShellAsync(string line)
    {
        using var process = Process.Start(new ProcessStartInfo("/bin/bash", ["-c", line])
        {
            WorkingDirectory = _folder,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var said = process.StandardError.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop);
        return (process.ExitCode, await said);
    }
}
