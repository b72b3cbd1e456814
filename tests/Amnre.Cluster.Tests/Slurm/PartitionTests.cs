using Amnre.Jobs.Attempts;
using Amnre.Jobs.Graph;

namespace Amnre.Cluster.Tests.Slurm;

public sealed class PartitionTests(PrivateSlurm usual)
{
    /// <summary>A node that nobody reaches any more trains on, is given up when its lease runs out, and comes back with nothing to
    /// say.</summary>
    [Fact]
    public async Task A_node_cut_off_mid_training_and_healed_again_disturbs_nothing()
    {
        Assert.SkipWhen(usual.Missing is not null, usual.Missing ?? "");
        await using var slurm = await PrivateSlurm.WithNetworksAsync();
        await using var study = await ClusterStudy.NewAsync(slurm, ClusterStudy.Small);
        await study.StartSchedulerAsync();
        await study.WorkersAsync("--array=1", "--nodelist=n1", "--partition=low");
        await study.SubmitAsync();
        var cut = await study.TrainsAsync(0.05);

        await slurm.ControlAsync("cut-node", "1");
        await study.WorkersAsync("--array=1", "--nodelist=n2", "--partition=high");
        // From where the cut-off node is by then, since it goes on saving into the store until its lease is over.
        await study.UntilAsync("another goes on",
            async () => (await study.AttemptsAsync(ClusterStudy.Training)).Any(attempt => attempt.Worker != cut.Id));
        await slurm.ControlAsync("heal-node", "1");
        await study.SucceedsAsync();

        var attempts = await study.AttemptsAsync(ClusterStudy.Training);
        Assert.Contains(attempts, attempt => attempt.Worker == cut.Id
            && attempt is { Outcome: AttemptOutcome.Lost, FailureClass: FailureClass.Infrastructure });
        Assert.Equal(await usual.UndisturbedAsync(), study.Results());
    }
}
