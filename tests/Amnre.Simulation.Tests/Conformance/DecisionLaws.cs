using Amnre.Jobs.Graph;
using Amnre.Testing;

namespace Amnre.Simulation.Tests.Conformance;

/// <summary>Of decisions, which say what runs behind them.</summary>
public abstract partial class LedgerLaws
{
    /// <summary>A decision that admits the first of two branches alone.</summary>
    private static string[] Search => [.. Enumerable.Range(0, 1000)
        .Select(n => new[] { "a", $"d: a | decide {n} x y", "e: d=x a", "f: d=y a", "h: f", "g: d e? f?", "i: g" })
        .First(lines => Plans.Of("study", lines).Jobs[1] is var job
            && PlayedDecision.Of(job.Kind, job.Settings, job.Fingerprint) is [{ Admitted: true }, { Admitted: false }])];

    [Fact]
    public async Task A_decision_prunes_what_it_does_not_admit_with_what_reads_from_it_in_its_own_conclusion()
    {
        var id = await SubmitAsync(Search);
        await RunAsync(id, "a");
        await RunAsync(id, "d");
        Assert.Equal(
            [JobState.Succeeded, JobState.Succeeded, JobState.Ready, JobState.Pruned, JobState.Pruned, JobState.Waiting, JobState.Waiting],
            await StatesAsync(id));
        await RunAsync(id, "e");
        // It does without what was pruned.
        var reader = await StartAsync(id, "g");
        Assert.Equal(["d", "e"], reader.Inputs.Select(input => input.Job));
        Assert.Empty(reader.Unpublished);
        Assert.True(await _ledger.Attempts.CommitAsync(reader, _ledger.Make(reader), Cancel));
        await _ledger.Graph.SettleAsync(id, Policy, Cancel);
        await RunAsync(id, "i");
        Assert.Equal(ExperimentState.Succeeded, await _ledger.StateAsync(id));
    }

    [Fact]
    public async Task The_decision_of_an_attempt_that_was_given_up_is_not_applied()
    {
        var id = await SubmitAsync(Search);
        await RunAsync(id, "a");
        var zombie = await LoseAsync(id, "d");
        Assert.False(await _ledger.Attempts.CommitAsync(zombie, _ledger.Make(zombie), Cancel));
        await _ledger.Graph.SettleAsync(id, Policy, Cancel);
        Assert.Equal(JobState.Waiting, (await _ledger.JobsAsync(id))[3].State);
    }

    [Fact]
    public async Task A_published_decision_applies_to_the_next_submission_at_once()
    {
        var id = await SubmitAsync(Search);
        foreach (var job in (string[])["a", "d", "e", "g", "i"]) await RunAsync(id, job);
        var again = (await _ledger.SubmitAsync(Plans.Of("other", [.. Search, "new: e"]))).ExperimentId;
        Assert.Equal(
            [
                JobState.Reused, JobState.Reused, JobState.Reused, JobState.Pruned, JobState.Pruned, JobState.Reused, JobState.Reused,
                JobState.Ready,
            ],
            await StatesAsync(again));
    }

    [Fact]
    public async Task What_was_cancelled_before_the_decision_and_is_not_admitted_is_not_brought_back_by_a_retry()
    {
        var id = await SubmitAsync(Search);
        await RunAsync(id, "a");
        var jobs = await _ledger.JobsAsync(id);
        await _ledger.CancelJobsAsync(id, [jobs[2].Id, jobs[3].Id]);
        await RunAsync(id, "d");
        Assert.Equal(
            [
                JobState.Succeeded, JobState.Succeeded, JobState.Cancelled, JobState.Pruned, JobState.Pruned, JobState.Cancelled,
                JobState.Cancelled,
            ],
            await StatesAsync(id));
        await _ledger.RetryAsync(id, [jobs[2].Id, jobs[3].Id]);
        Assert.Equal(
            [JobState.Succeeded, JobState.Succeeded, JobState.Ready, JobState.Pruned, JobState.Pruned, JobState.Waiting, JobState.Waiting],
            await StatesAsync(id));
    }
}
