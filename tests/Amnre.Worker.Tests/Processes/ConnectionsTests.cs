using Amnre.Experiments.Plans;
using Amnre.Experiments.Reading;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Ledger;
using Amnre.Scheduler;
using Amnre.Scheduler.Hosting;
using Amnre.Testing;
using Amnre.Worker.Hosting;
using Amnre.Worker.Kinds;

namespace Amnre.Worker.Tests.Processes;

public sealed class ConnectionsTests(TestServer server) : LedgerTest(server)
{
    private const string Study =
        """
        name: counted
        simulator: SLCP
        datasets:
          small: { rows: 4096, shards: 8 }
        """;

    /// <summary>What capacity is reckoned with, counted at the database while a worker works and then waits.</summary>
    [Fact]
    public async Task A_worker_holds_no_more_connections_than_are_reckoned_for_it()
    {
        await ExecuteAsync("delete from amnre.workers");
        var id = (await SubmitAsync(Planner.Plan(ExperimentReader.Read("counted.yaml", Study)))).ExperimentId;
        using var stop = new CancellationTokenSource();
        var scheduler = SchedulerHost.RunAsync(new SchedulerOptions { ConnectionString = ConnectionString, StoreRoot = Store.Root },
            stop.Token);
        var worker = WorkerHost.RunAsync(new WorkerOptions
        {
            ConnectionString = ConnectionString,
            StoreRoot = Store.Root,
            Executions = JobExecutions.All,
            WorkerId = "counted",
        }, stop.Token);
        var (most, idle) = (0, 0);
        for (var looks = 0; idle < 60; looks++)
        {
            Assert.True(looks < 3000, "not within five minutes");
            most = Math.Max(most, await ScalarAsync<int>("select count(*)::int from pg_stat_activity " +
                "where datname = current_database() and application_name like '% counted'"));
            if ((await SnapshotAsync(id)).Experiment.State == ExperimentState.Succeeded) idle++;
            await Task.Delay(100, Cancel);
        }

        await stop.CancelAsync();
        await Task.WhenAll(scheduler, worker);

        TestContext.Current.TestOutputHelper?.WriteLine($"{most} connections");
        Assert.InRange(most, LedgerDatabase.ConnectionsOfWorker - 2, LedgerDatabase.ConnectionsOfWorker);
    }
}
