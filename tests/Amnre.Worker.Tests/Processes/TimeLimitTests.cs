using Amnre.Jobs.Graph;
using Amnre.Jobs.Specs;
using Amnre.Testing;

namespace Amnre.Worker.Tests.Processes;

public sealed class TimeLimitTests(TestServer server) : StageTest(server)
{
    /// <summary>Longer than any timer of the runtime.</summary>
    [Fact]
    public async Task A_limit_of_months_keeps_no_job_from_running()
    {
        Scheduler();
        Worker();
        var plan = Plan("e", "long");
        var submitted = await SubmitAsync(plan with
        {
            Jobs = [plan.Jobs[0] with { Resources = new JobResources { Time = TimeSpan.FromDays(120) } }],
        });

        var end = await EndOfAsync(submitted.ExperimentId);

        Assert.Equal((ExperimentState.Succeeded, 1), (end.Experiment.State, end.Jobs[0].Attempts));
    }
}
