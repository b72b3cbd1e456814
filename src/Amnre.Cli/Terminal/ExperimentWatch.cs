using Amnre.Cli.Studies;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Views;
using Npgsql;
using Spectre.Console;

namespace Amnre.Cli.Terminal;

/// <summary>Watches an experiment to its end, on a screen that redraws or, in files and pipes, line by line.</summary>
/// <param name="look">How it stands; null when there is no such experiment.</param>
internal sealed class ExperimentWatch(Func<long, CancellationToken, Task<ExperimentSnapshot?>> look, TimeProvider clock)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    public async Task<ExperimentSnapshot> LookAsync(long experiment, CancellationToken stop) =>
        await look(experiment, stop) ?? throw new InvalidOperationException($"experiment {experiment} vanished from the ledger");

    /// <summary>Looks until the experiment has ended or the user wants to stop.</summary>
    /// <param name="experiment">Its number in the ledger.</param>
    /// <param name="title">Above it all.</param>
    /// <param name="farewell">Said when the user wants to stop; null says nothing.</param>
    /// <param name="stop">Ends the watch, not the experiment.</param>
    public Task<ExperimentSnapshot> FollowAsync(long experiment, string title, string? farewell, CancellationToken stop) =>
        AnsiConsole.Profile.Capabilities.Interactive && !Console.IsOutputRedirected
            ? AnsiConsole.Live(new Text("")).AutoClear(false)
            .StartAsync(display => FollowAsync(new LiveView(display, title, clock), experiment, farewell, stop))
            : FollowAsync(new LineView(Console.Out, clock), experiment, farewell, stop);

    public async Task<ExperimentSnapshot> FollowAsync(IRunView view, long experiment, string? farewell, CancellationToken stop)
    {
        var snapshot = await Outages.OutlastAsync(() => LookAsync(experiment, stop), clock, stop);
        view.Show(snapshot);
        var paused = false;
        while (snapshot.Experiment.State == ExperimentState.Running)
        {
            try
            {
                if (snapshot.Experiment.Paused && !paused)
                    view.Say($"paused: no new job begins until 'amnre resume {snapshot.Experiment.Name}'");
                paused = snapshot.Experiment.Paused;
                await Task.Delay(LookEvery, clock, stop);
                snapshot = await LookAsync(experiment, stop);
                view.Show(snapshot);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                if (farewell is not null) view.Say(farewell);
                view.Show(snapshot);
                return snapshot;
            }
            catch (Exception lost) when (lost is NpgsqlException or TimeoutException or StudyOutOfReachException)
            {
                // The view survives an outage as the workers do.
                view.Say(lost is StudyOutOfReachException
                    ? $"{lost.Message}; retrying"
                    : $"the database does not answer ({lost.Message}); retrying");
                await Task.Delay(LookEvery * 8, clock, CancellationToken.None);
            }
        }

        return snapshot;
    }
}
