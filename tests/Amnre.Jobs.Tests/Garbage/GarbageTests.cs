using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Attempts;
using Amnre.Jobs.Garbage;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Operations;
using Amnre.Testing;

namespace Amnre.Jobs.Tests.Garbage;

public sealed class GarbageTests(TestServer server) : LedgerTest(server)
{
    private static readonly DateTime Before = new(2026, 1, 10, 0, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData(null, false, false, false, false, Verdict.Keep)]
    [InlineData(12, false, false, false, false, Verdict.Keep)]
    [InlineData(9, false, false, false, false, Verdict.Leftover)]
    [InlineData(9, false, true, false, true, Verdict.Superseded)]
    [InlineData(9, false, true, true, true, Verdict.Keep)]
    [InlineData(9, true, true, false, true, Verdict.Keep)]
    [InlineData(9, true, true, false, false, Verdict.EarlierVersion)]
    public void The_ledger_decides_what_goes(int? day, bool publishes, bool published, bool read, bool wanted, Verdict verdict)
    {
        var standing = new AttemptStanding(1, day is { } d ? Before.AddDays(d - 10) : null, publishes, published, read, wanted);

        Assert.Equal(verdict, new GarbageRules(Before, EarlierVersions: true).OfAttempt(standing));
        Assert.Equal(verdict == Verdict.EarlierVersion
            ? Verdict.Keep
            : verdict, new GarbageRules(Before, EarlierVersions: false).OfAttempt(standing));
    }

    [Fact]
    public void What_the_ledger_does_not_know_is_left_alone()
    {
        var rules = new GarbageRules(Before, EarlierVersions: true);

        Assert.Equal((Verdict.Unknown, Verdict.Unknown, Verdict.Unknown),
            (rules.OfAttempt(null), rules.OfCheckpoints(null), rules.OfLog(null)));
    }

    [Theory]
    [InlineData(true, false, true, Verdict.Checkpoint)]
    [InlineData(true, true, true, Verdict.Keep)]
    [InlineData(false, false, true, Verdict.Keep)]
    [InlineData(false, false, false, Verdict.Checkpoint)]
    public void Checkpoints_stay_while_something_may_go_on_from_them(bool published, bool underWay, bool wanted, Verdict verdict) =>
        Assert.Equal(verdict,
            new GarbageRules(Before, false).OfCheckpoints(new CheckpointStanding("f", published, underWay, wanted, Before.AddDays(-1))));

    [Fact]
    public async Task A_collection_removes_what_nothing_refers_to_and_a_second_finds_nothing()
    {
        var id = (await SubmitAsync(Plan("e", "a", "b: a", "c: b"))).ExperimentId;
        var lost = await StartAsync(id, "a");
        Make(lost, "half");
        Log(lost);
        await Attempts.EndAsync(lost.Token, AttemptOutcome.Lost, FailureClass.Infrastructure, "gone", Cancel);
        await Graph.SettleAsync(id, new RetryPolicy { FirstDelay = TimeSpan.Zero }, Cancel);
        await RunAsync(id, "a");
        await RunAsync(id, "b");
        var reads = await StartAsync(id, "c");
        // Saved work of a result that is there, and of one that is being made.
        foreach (var folder in new[] { Store.CheckpointDirectory(lost.Fingerprint), reads.CheckpointDirectory })
            Directory.CreateDirectory(folder);
        // The ledger knows nothing of this one.
        var unknown = Directory.CreateDirectory(Store.AttemptDirectory(lost.Fingerprint, 999));
        var collector = new GarbageCollector(Database, Store);

        var looked = await collector.CollectAsync(TimeSpan.Zero, false, dryRun: true, Cancel);
        Assert.True(Directory.Exists(lost.OutputDirectory));
        var done = await collector.CollectAsync(TimeSpan.Zero, false, dryRun: false, Cancel);

        Assert.Equal([Verdict.Leftover, Verdict.Checkpoint, Verdict.Log], done.Removed.Select(item => item.Why));
        Assert.Equal(looked.Removed, done.Removed);
        Assert.Equal(4, done.Removed[0].Bytes);
        Assert.False(Directory.Exists(lost.OutputDirectory));
        Assert.True(Directory.Exists(reads.CheckpointDirectory));
        Assert.True(unknown.Exists);
        Assert.Equal([Verdict.Unknown], done.Unknown.Select(item => item.Why));
        Assert.Empty((await collector.CollectAsync(TimeSpan.Zero, false, dryRun: false, Cancel)).Removed);
        Assert.True(await Attempts.CommitAsync(reads, Make(reads), Cancel));
        Assert.Equal(3, (await Files.FilesAsync(id, Cancel)).Count + 1);
    }

    [Fact]
    public async Task A_superseded_result_stays_while_a_running_attempt_reads_it_and_is_forgotten_before_its_files_go()
    {
        var id = (await SubmitAsync(Plan("e", "a"))).ExperimentId;
        await RunAsync(id, "a", "first");
        var earlier = (await Files.FilesAsync(id, Cancel)).Single().Path;
        var reader = (await SubmitAsync(Plan("reader", "a", "b: a"))).ExperimentId;
        var reads = await StartAsync(reader, "b");
        Assert.Equal(Store.Absolute(earlier), reads.Inputs.Single().Path);
        await new Interventions(Database, Store).RerunAsync(id, [(await JobAsync(id, "a")).Id], Cancel);
        await RunAsync(id, "a", "second");
        var collector = new GarbageCollector(Database, Store);

        Assert.Empty((await collector.CollectAsync(TimeSpan.Zero, false, false, Cancel)).Removed);
        Assert.True(await Attempts.CommitAsync(reads, Make(reads), Cancel));
        var removed = (await collector.CollectAsync(TimeSpan.Zero, false, false, Cancel)).Removed;

        Assert.Equal([Verdict.Superseded], removed.Select(item => item.Why));
        Assert.False(File.Exists(Store.Absolute(earlier)));
        Assert.Equal(0, await ScalarAsync<int>("select count(*)::int from amnre.artifacts where path = @earlier", new { earlier }));
        Assert.Equal("second", await File.ReadAllTextAsync(Store.Absolute((await Files.FilesAsync(id, Cancel)).Single().Path), Cancel));
    }

    [Fact]
    public async Task A_crash_between_ledger_and_disk_leaves_only_what_the_next_collection_removes()
    {
        var id = (await SubmitAsync(Plan("e", "a"))).ExperimentId;
        await RunAsync(id, "a", "first");
        var earlier = Path.GetDirectoryName(Store.Absolute((await Files.FilesAsync(id, Cancel)).Single().Path))!;
        await new Interventions(Database, Store).RerunAsync(id, [(await JobAsync(id, "a")).Id], Cancel);
        await RunAsync(id, "a", "first");
        Assert.Single(await new GarbageLedger(Database).ForgetAsync([long.Parse(Path.GetFileName(earlier))], false, Cancel));
        Assert.True(Directory.Exists(earlier));

        var removed = (await new GarbageCollector(Database, Store).CollectAsync(TimeSpan.Zero, false, false, Cancel)).Removed;

        Assert.Equal([Verdict.Leftover], removed.Select(item => item.Why));
        Assert.False(Directory.Exists(earlier));
    }

    [Fact]
    public async Task Results_of_earlier_versions_go_only_when_asked_for_and_are_then_made_anew()
    {
        var first = (await SubmitAsync(Plan("e", "a", "shared", "dropped"))).ExperimentId;
        await RunAllAsync(first);
        FriendlyLinks.Restore(Store, await Files.LinksAsync(first, Cancel));
        var second = (await SubmitAsync(Plan("e", "a | 2", "shared"))).ExperimentId;
        await RunAllAsync(second);
        var collector = new GarbageCollector(Database, Store);

        Assert.Empty((await collector.CollectAsync(TimeSpan.Zero, earlierVersions: false, false, Cancel)).Removed);
        Assert.Empty((await collector.CollectAsync(TimeSpan.FromDays(1), earlierVersions: true, false, Cancel)).Removed);
        FriendlyLinks.Restore(Store, await Files.LinksAsync(second, Cancel));
        Assert.Equal([Verdict.EarlierVersion, Verdict.EarlierVersion],
            (await collector.CollectAsync(TimeSpan.Zero, earlierVersions: true, false, Cancel)).Removed.Select(item => item.Why));

        Assert.Equal(["a.txt", "shared.txt"],
            Directory.GetFiles(Path.Combine(Store.Root, "e", "results")).Select(Path.GetFileName).Order());

        Assert.Equal(2, (await Files.FilesAsync(second, Cancel)).Count);
        Assert.Equal([true, false], (await SubmitAsync(Plan("e", "a", "shared"))).Jobs.Select(job => job.Runs));
    }

    [Fact]
    public async Task Old_rows_go_but_not_those_of_experiments_under_way_nor_of_drift()
    {
        var ended = (await SubmitAsync(Plan("ended", "a"))).ExperimentId;
        await RunAllAsync(ended);
        var under = (await SubmitAsync(Plan("under", "b"))).ExperimentId;
        await ExecuteAsync("insert into amnre.events (experiment_id, kind, message) values (@ended, 'drift', 'other bytes')",
            new { ended });
        await ExecuteAsync("insert into hangfire.job (invocationdata, arguments, createdat) values ('{}', '[]', now())");
        await ExecuteAsync("""
            with waiting as (insert into hangfire.job (invocationdata, arguments, createdat) values ('{}', '[]', now()) returning id)
            insert into hangfire.jobqueue (jobid, queue) select id, 'plain' from waiting
            """);

        var report = await new GarbageCollector(Database, Store).CollectAsync(TimeSpan.Zero, false, false, Cancel);

        Assert.Equal((2, 1), (report.Events, report.Deliveries));
        Assert.Equal(["drift"], (await Views.EventsAsync(ended, 0, 10, Cancel)).Select(one => one.Kind));
        Assert.NotEmpty(await Views.EventsAsync(under, 0, 10, Cancel));
    }

    private void Log(JobTicket ticket)
    {
        var path = AttemptLogs.File(Store, ticket.Token);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "a word\n");
    }
}
