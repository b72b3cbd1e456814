using Amnre.Jobs.Dispatching;
using Amnre.Jobs.Graph;
using Amnre.Testing;

namespace Amnre.Jobs.Tests.Graph;

/// <summary>What the statements of dispatching and of a claim do to a job is what <see cref="GraphRules"/> would.</summary>
public sealed class PassageTests(TestServer server) : LedgerTest(server)
{
    public static TheoryData<JobState> States => [.. Enum.GetValues<JobState>()];

    [Theory]
    [MemberData(nameof(States))]
    public async Task Dispatching_and_claiming_move_a_job_as_the_graph_does(JobState state)
    {
        var id = (await SubmitAsync(Plan("e", "a"))).ExperimentId;
        var job = (await JobAsync(id, "a")).Id;

        await PutAsync(state);
        var ready = new PlaceableJob(job, id, await ScalarAsync<string>("select fingerprint from amnre.jobs") ?? "", "plain", 0, 0, null);
        await Dispatch.TakeAsync([new Placed(ready, null)], Cancel);
        Assert.Equal(After(state, new GraphEvent.Dispatched(0)), (await JobAsync(id, "a")).State);

        await PutAsync(state);
        await Attempts.ClaimAsync(job, "w1", Lease, Cancel);
        Assert.Equal(After(state, new GraphEvent.Claimed(0)), (await JobAsync(id, "a")).State);

        async Task PutAsync(JobState to) => await ExecuteAsync("update amnre.jobs set state = @state, " +
            "queued_at = case when @state = 'queued' then now() end, unmet = case when @state = 'waiting' then 1 else 0 end, " +
            "token = case when @state in ('running', 'succeeded') then 1 end, finished_at = case when @final then now() end",
            new { state = to.ToString().ToLowerInvariant(), final = to.IsFinal });
    }

    private static JobState After(JobState state, GraphEvent happened) =>
        GraphRules.Decide(new JobGraph([[]]), [new JobStanding(state, 0)], ["a"], happened, new RetryPolicy())
            .Select(change => change.To.State).DefaultIfEmpty(state).Single();
}
