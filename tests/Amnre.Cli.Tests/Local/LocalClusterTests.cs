using System.Diagnostics;
using Amnre.Cli.Local;
using Microsoft.Extensions.Logging.Abstractions;

namespace Amnre.Cli.Tests.Local;

public sealed class LocalClusterTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly string _folder = Directory.CreateTempSubdirectory("amnre-cluster-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_child_that_is_killed_is_started_again()
    {
        await using var cluster = new LocalCluster(TimeProvider.System, NullLogger<LocalCluster>.Instance);
        _ = cluster.Keep(_ => Shell("again", "echo pid $$; cat"));
        var first = await PidAsync("again", 1);

        Process.GetProcessById(first).Kill();

        Assert.NotEqual(first, await PidAsync("again", 2));
    }

    [Fact]
    public async Task Children_leave_when_their_standard_input_closes()
    {
        var cluster = new LocalCluster(TimeProvider.System, NullLogger<LocalCluster>.Instance);
        _ = cluster.Keep(_ => Shell("polite", "echo pid $$; cat; echo left in order"));
        await PidAsync("polite", 1);

        await cluster.LeaveAsync(Patience);

        Assert.Contains("left in order", await File.ReadAllTextAsync(Output("polite"), TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_child_that_ignores_the_request_is_killed_after_the_grace()
    {
        var cluster = new LocalCluster(TimeProvider.System, NullLogger<LocalCluster>.Instance);
        _ = cluster.Keep(_ => Shell("stubborn", "echo pid $$; exec sleep 1000"));
        var pid = await PidAsync("stubborn", 1);

        await cluster.LeaveAsync(TimeSpan.FromMilliseconds(200));

        Assert.Throws<ArgumentException>(() => Process.GetProcessById(pid));
    }

    [Fact]
    public async Task A_disk_that_is_full_costs_what_a_child_prints_and_nothing_else()
    {
        await using var cluster = new LocalCluster(TimeProvider.System, NullLogger<LocalCluster>.Instance);
        var codes = new List<int>();

        await cluster.Keep(_ => Shell("full", "echo one; echo two; sleep 0.2; echo three; exit 3") with { OutputFile = "/dev/full" },
            again: code =>
        {
            codes.Add(code);
            return false;
        }).WaitAsync(Patience, TestContext.Current.CancellationToken);

        Assert.Equal([3], codes);
    }

    [Fact]
    public async Task A_child_is_kept_although_its_end_cannot_be_told_of()
    {
        await using var cluster = new LocalCluster(TimeProvider.System, NullLogger<LocalCluster>.Instance);
        _ = cluster.Keep(_ => Shell("untold", "echo pid $$"), _ => throw new TimeoutException("no word"));

        Assert.NotEqual(await PidAsync("untold", 1), await PidAsync("untold", 2));
    }

    /// <summary>So that a Ctrl-C in the terminal reaches the command alone, which then asks its children to leave in order.</summary>
    [Fact]
    public async Task A_child_leads_a_process_group_of_its_own()
    {
        await using var cluster = new LocalCluster(TimeProvider.System, NullLogger<LocalCluster>.Instance);
        _ = cluster.Keep(_ => Shell("leader", "echo pid $$; cat"));
        var pid = await PidAsync("leader", 1);

        var stat = await File.ReadAllTextAsync($"/proc/{pid}/stat", TestContext.Current.CancellationToken);
        Assert.Equal($"{pid}", stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[2]);
    }

    [Fact]
    public async Task A_child_that_left_as_it_was_asked_to_is_not_started_again()
    {
        await using var cluster = new LocalCluster(TimeProvider.System, NullLogger<LocalCluster>.Instance);
        var starts = 0;

        await cluster.Keep(start => Shell("twice", $"exit {(starts = start) ^ 1}"), again: code => code != 0)
            .WaitAsync(Patience, TestContext.Current.CancellationToken);

        Assert.Equal(1, starts);
    }

    private string Output(string name) => Path.Combine(_folder, name + ".out");

    private ChildSpec Shell(string name, string script) =>
        new(name, "/bin/sh", ["-c", script], new Dictionary<string, string>(), Output(name));

    /// <summary>The process id that the <paramref name="nth"/> start printed.</summary>
    private async Task<int> PidAsync(string name, int nth)
    {
        var waited = Stopwatch.StartNew();
        while (waited.Elapsed < Patience)
        {
            var pids = File.Exists(Output(name))
                ? (await File.ReadAllLinesAsync(Output(name), TestContext.Current.CancellationToken)).Where(
                    line => line.StartsWith("pid ", StringComparison.Ordinal)).ToList()
                : [];
            if (pids.Count >= nth) return int.Parse(pids[nth - 1][4..]);
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException($"{name} was not started {nth} times");
    }
}
