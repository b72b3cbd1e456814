using Amnre.Jobs.Graph;
using Amnre.Testing;

namespace Amnre.Simulation.Tests.Conformance;

/// <summary>Of results whose files are damaged.</summary>
public abstract partial class LedgerLaws
{
    [Fact]
    public async Task A_damaged_input_is_made_again_and_its_reader_waits_also_in_another_experiment()
    {
        var one = await SubmitAsync("a", "b: a", "c: a");
        var other = (await _ledger.SubmitAsync(Plans.Of("other", "a", "d: a"))).ExperimentId;
        await RunAsync(one, "a");
        foreach (var late in await _ledger.Dispatch.LateResultsAsync(10, Cancel))
            await _ledger.Graph.ConcludeAsync(late.ExperimentId, [(late.JobId, place => new GraphEvent.Published(place, late.By))], Cancel);
        var ticket = await StartAsync(one, "b");
        Assert.True(await DamageAsync(ticket));
        // Whoever claims before the conclusion finds nothing to read.
        var reader = await StartAsync(other, "d", "w2");
        Assert.Equal((0, "a"), (reader.Inputs.Count, Assert.Single(reader.Unpublished)));
        await SettleAsync(one);
        Assert.Equal([JobState.Ready, JobState.Waiting, JobState.Waiting], await StatesAsync(one));

        Assert.True(await _ledger.Attempts.DamagedAsync(reader, [], "not published any more", Cancel));
        await SettleAsync(other);
        Assert.Equal([JobState.Ready, JobState.Waiting], await StatesAsync(other));

        await RunAsync(one, "a");
        Assert.Equal([JobState.Succeeded, JobState.Ready, JobState.Ready], await StatesAsync(one));
        Assert.Equal(other, Assert.Single(await _ledger.Dispatch.LateResultsAsync(10, Cancel)).ExperimentId);
    }

    [Fact]
    public async Task Who_was_given_up_withdraws_nothing_and_what_was_made_since_stays()
    {
        var id = await SubmitAsync("a", "b: a", "c: a");
        await RunAsync(id, "a");
        var late = await LoseAsync(id, "b");
        Assert.False(await DamageAsync(late));
        await SettleAsync(id);
        await _ledger.PassAsync(TimeSpan.FromSeconds(10));
        var first = await StartAsync(id, "b");
        var second = await _ledger.Attempts.ClaimAsync((await _ledger.JobsAsync(id))[2].Id, "w2", Lease, Cancel);
        Assert.True(await DamageAsync(first));
        await SettleAsync(id);
        await RunAsync(id, "a");
        // It read the earlier one, in whose place stands another.
        Assert.True(await DamageAsync(second!));
        await SettleAsync(id);
        Assert.Equal([JobState.Succeeded, JobState.Ready, JobState.Ready], await StatesAsync(id));
        Assert.Equal("a", Assert.Single((await StartAsync(id, "c")).Inputs).Job);
    }

    [Fact]
    public async Task What_is_damaged_again_and_again_fails_and_a_retry_gives_it_a_fresh_budget()
    {
        var id = await SubmitAsync("a", "b: a");
        for (var time = 0; time <= Policy.DamageRetries; time++)
        {
            await RunAsync(id, "a");
            Assert.True(await DamageAsync(await StartAsync(id, "b")));
            await SettleAsync(id);
        }

        Assert.Equal([JobState.Failed, JobState.Skipped], await StatesAsync(id));
        Assert.Equal(ExperimentState.Failed, await _ledger.StateAsync(id));
        await _ledger.RetryAsync(id, [(await _ledger.JobsAsync(id))[0].Id]);
        await RunAsync(id, "a");
        Assert.True(await DamageAsync(await StartAsync(id, "b")));
        await SettleAsync(id);
        Assert.Equal([JobState.Ready, JobState.Waiting], await StatesAsync(id));
    }

    protected abstract Task<ILedgerSubject> OpenAsync();
}
