using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Attempts;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Operations;
using Amnre.Testing;

namespace Amnre.Worker.Tests.Processes;

/// <summary>What a person asks for while real workers run.</summary>
public sealed class InterventionTests(TestServer server) : StageTest(server)
{
    private Interventions Interventions => new(Database, Store);

    [Fact]
    public async Task A_paused_experiments_job_is_handed_back_and_its_worker_takes_other_work_until_it_goes_on()
    {
        Scheduler();
        Worker("w");
        var id = (await SubmitAsync(Plan("e", "long | held 160"))).ExperimentId;
        await UntilAsync(id, "it has come some way", snapshot => snapshot.Jobs[0].Attempt?.Progress is { Done: > 3 });

        Assert.True(await Interventions.PauseAsync(id, drain: true, Cancel));
        await UntilAsync(id, "it is handed back",
            snapshot => snapshot.Jobs[0] is { State: JobState.Ready, Attempt.Outcome: AttemptOutcome.Drained });
        var other = (await SubmitAsync(Plan("other", "short"))).ExperimentId;
        Assert.Equal(ExperimentState.Succeeded, (await EndOfAsync(other)).Experiment.State);
        Assert.Equal(1, (await JobAsync(id, "long")).Attempts);
        LetGo("long");
        Assert.True(await Interventions.ResumeAsync(id, Cancel));

        var end = await EndOfAsync(id);
        Assert.Equal((ExperimentState.Succeeded, 2), (end.Experiment.State, end.Jobs[0].Attempts));
        var steps = await File.ReadAllLinesAsync(Store.Absolute("checkpoints/long.trace"), Cancel);
        Assert.Equal(Enumerable.Range(0, 160), steps.Select(line => int.Parse(line.Split(':')[1])));
        await AuditAsync();
    }

    [Fact]
    public async Task A_cancelled_job_is_stopped_where_it_runs_and_another_goes_on()
    {
        Scheduler();
        Worker();
        var id = (await SubmitAsync(Plan("e", "long | held 100000", "reader: long", "other"))).ExperimentId;
        var running = (await RunningAsync(id, "long")).Jobs[0].Id;

        await Interventions.CancelJobsAsync(id, [running], Cancel);

        var end = await EndOfAsync(id);
        Assert.Equal([JobState.Cancelled, JobState.Cancelled, JobState.Succeeded], end.Jobs.Select(job => job.State));
        Assert.Equal(AttemptOutcome.Cancelled, end.Jobs[0].Attempt!.Outcome);
    }

    [Fact]
    public async Task Every_attempt_leaves_a_log_also_when_it_failed()
    {
        Scheduler();
        Worker("w");
        var id = (await SubmitAsync(Plan("e", "good | steps 3", "bad | fault out of luck"))).ExperimentId;
        var end = await EndOfAsync(id);

        var good = await LogAsync(end.Jobs[0].Attempt!.Token);
        Assert.Contains("e/good: attempt 1, token", good, StringComparison.Ordinal);
        Assert.Contains("0 of 3 steps  loss 1", good, StringComparison.Ordinal);
        Assert.Contains("succeeded: out.txt (6 bytes)", good, StringComparison.Ordinal);
        var bad = await LogAsync(end.Jobs[1].Attempt!.Token);
        Assert.Contains("ScriptedExecution.Run", bad, StringComparison.Ordinal);
        Assert.Contains("failed (User): InvalidOperationException: out of luck", bad, StringComparison.Ordinal);
        Assert.All((good + bad).Split('\n', StringSplitOptions.RemoveEmptyEntries),
            line => Assert.Matches(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}Z ", line));
    }

    [Fact]
    public async Task A_log_that_cannot_be_written_costs_the_log_and_not_the_attempt()
    {
        Directory.CreateDirectory(Store.Absolute("logs"));
        await File.WriteAllTextAsync(AttemptLogs.Folder(Store), "in the way", Cancel);
        Scheduler();
        Worker();

        Assert.Equal(ExperimentState.Succeeded, (await EndOfAsync((await SubmitAsync(Plan("e", "good"))).ExperimentId)).Experiment.State);
    }

    private Task<string> LogAsync(long token) => File.ReadAllTextAsync(AttemptLogs.File(Store, token), Cancel);
}
