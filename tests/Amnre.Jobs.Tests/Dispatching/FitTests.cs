using Amnre.Jobs.Attempts;
using Amnre.Jobs.Dispatching;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Views;
using Amnre.Jobs.Workers;
using Amnre.Testing;

namespace Amnre.Jobs.Tests.Dispatching;

/// <summary>Whoever asks whether a worker may run a job gets one answer: the dispatcher, the claim, <c>amnre explain</c> and the
/// queue.</summary>
public sealed class FitTests(TestServer server) : LedgerTest(server)
{
    private const long Gigabyte = 1L << 30;

    public static TheoryData<int?, int?, long, long?, string> Cases => new()
    {
        { null, null, 0, null, JobQueues.Cpu },
        { 60, null, 0, null, JobQueues.Cpu },
        { 60, 3600, 0, null, JobQueues.Cpu },
        // Within the margin: the allocation would end with the job.
        { 60, 65, 0, null, JobQueues.Cpu },
        { 60, 75, 0, null, JobQueues.Cpu },
        { 60, 50, 0, null, JobQueues.Cpu },
        { null, 5, 0, null, JobQueues.Cpu },
        { null, null, 4 * Gigabyte, null, JobQueues.Cpu },
        { null, null, 4 * Gigabyte, 4 * Gigabyte, JobQueues.Cpu },
        { null, null, 4 * Gigabyte, 2 * Gigabyte, JobQueues.Cpu },
        { 60, 65, 4 * Gigabyte, 2 * Gigabyte, JobQueues.Cpu },
        { null, null, 0, null, JobQueues.Gpu },
        { 60, 3600, 4 * Gigabyte, 8 * Gigabyte, JobQueues.Gpu },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task All_who_ask_whether_a_worker_fits_agree(int? expected, int? timeLeft, long needs, long? offers, string queue)
    {
        var id = (await SubmitAsync(Plan("e", "a"))).ExperimentId;
        await ExecuteAsync(
            """
            update amnre.workers set ended_at = now() where id = 'w2';
            update amnre.workers set ends_at = now() + make_interval(secs => @timeLeft), memory_bytes = @offers where id = 'w1';
            update amnre.jobs set time_limit = make_interval(secs => @expected), memory_bytes = @needs, queue = @queue
            """, new { expected, timeLeft, needs, offers, queue });
        var job = await JobAsync(id, "a");
        var situation = await Dispatch.SituationAsync(TimeSpan.FromHours(1), Cancel);
        var candidates = await Dispatch.CandidatesAsync(10, timed: true, Cancel);
        var fits = Assert.Single(candidates).Needs.FitsOn(Assert.Single(situation.Workers).Offer);
        // A queue that nobody serves is filled a little all the same: who joins then finds work at once.
        var places = queue == JobQueues.Gpu ? fits : Placement.Decide(candidates, situation, minDepth: 2).Count > 0;
        var shown = Assert.Single(await new QueueViews(Database).QueueAsync(0, 10, Cancel)).Fits;
        var explains = !(await ExplainAsync(job.Id)).Standing.Any(line => line.StartsWith("no worker fits", StringComparison.Ordinal));
        await ExecuteAsync("update amnre.jobs set state = 'queued', queued_at = now(), expected = time_limit");
        var claims = await Attempts.ClaimAsync(job.Id, "w1", Lease, Cancel) is not null;

        Assert.Equal($"placed {fits}, claimed {fits}, explained {fits}, shown {fits}",
            $"placed {places}, claimed {claims}, explained {explains}, shown {shown}");
    }

    /// <summary>A job without a GPU that resumes what was begun with one: no worker can run it as it was begun.</summary>
    [Fact]
    public async Task The_kind_that_a_worker_is_for_a_job_depends_on_whether_the_job_uses_its_GPU()
    {
        var plan = Plan("e", "a");
        plan = plan with { Jobs = [plan.Jobs[0] with { Resources = new JobResources { SameKind = true, Gpus = 1 } }] };
        var id = (await SubmitAsync(plan)).ExperimentId;
        await Workers.RegisterAsync(new WorkerEntry("gpu", "host", 3, 1, JobQueues.ServedBy(1), null)
        {
            Device = new DeviceFacts
            {
                Processor = "p",
                Family = "f",
                Vectors = "v",
                Kernels = "k",
                Torch = "t",
                Gpu = "A100",
            },
        }, Cancel);
        await ExecuteAsync("update amnre.workers set ended_at = now() where id <> 'gpu'; " +
            "update amnre.jobs set state = 'queued', queued_at = now()");
        var job = await JobAsync(id, "a");
        var begun = await Attempts.ClaimAsync(job.Id, "gpu", Lease, Cancel);
        Assert.True(await Attempts.EndAsync(begun!.Token, AttemptOutcome.Drained, null, null, Cancel));
        await Graph.SettleAsync(id, new Amnre.Jobs.Graph.RetryPolicy(), Cancel);
        await ExecuteAsync("update amnre.jobs set gpus = 0, queue = 'plain', not_before = null");

        var situation = await Dispatch.SituationAsync(TimeSpan.FromHours(1), Cancel);
        var candidate = Assert.Single(await Dispatch.CandidatesAsync(10, timed: true, Cancel));
        var places = Placement.Decide([candidate], situation, minDepth: 2).Count > 0;
        await ExecuteAsync("update amnre.jobs set state = 'queued', queued_at = now()");
        var claims = await Attempts.ClaimAsync(job.Id, "gpu", Lease, Cancel) is not null;

        Assert.Equal($"placed {places}, claimed {places}", $"placed {places}, claimed {claims}");
    }

    private async Task<JobExplanation> ExplainAsync(long job) => JobExplanation.Of((await JobViews.FactsAsync(job, Cancel))!);
}
