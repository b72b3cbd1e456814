using Amnre.Jobs.Graph;

namespace Amnre.Worker.Tests.Processes;

/// <summary>The database goes away in the middle and comes back. On a server of their own: others share theirs with tests that run at the
/// same time.</summary>
public sealed class DatabaseOutageTests(OutageServer server) : StageTest(server), IClassFixture<OutageServer>
{
    private readonly OutageServer _server = server;

    [Fact]
    public async Task A_database_that_restarts_in_the_middle_costs_no_attempt()
    {
        Scheduler();
        // Long enough for a server that comes back slowly on a busy machine.
        Keep(Cast.Worker(Part with { LeaseSeconds = 60 }));
        var submitted = await SubmitAsync(Plan("e", "long | held 60", "reader: long", "last: reader"));
        await RunningAsync(submitted.ExperimentId, "long");

        await _server.GoAwayAsync(TimeSpan.FromMilliseconds(500));
        LetGo("long");

        var end = await EndOfAsync(submitted.ExperimentId);
        Assert.Equal((ExperimentState.Succeeded, 3), (end.Experiment.State, end.Experiment.Succeeded));
        Assert.All(end.Jobs, job => Assert.Equal(1, job.Attempts));
        await AuditAsync();
    }

    [Fact]
    public async Task A_database_that_is_away_for_longer_than_the_lease_stops_the_run_and_it_is_run_again()
    {
        Scheduler();
        var worker = Keep(Cast.Worker(Part with { LeaseSeconds = 8 }));
        var submitted = await SubmitAsync(Plan("e", "long | held 200", "reader: long"));
        await RunningAsync(submitted.ExperimentId, "long");

        await _server.GoAwayAsync(TimeSpan.FromSeconds(12));
        await UntilAsync(submitted.ExperimentId, "it is run again",
            snapshot => snapshot.Jobs[0] is { Attempts: 2, State: JobState.Running });
        LetGo("long");

        var end = await EndOfAsync(submitted.ExperimentId);
        Assert.Equal((ExperimentState.Succeeded, 2), (end.Experiment.State, end.Experiment.Succeeded));
        Assert.Equal(2, end.Jobs[0].Attempts);
        Assert.False(worker.HasExited);
        await AuditAsync();
    }
}
