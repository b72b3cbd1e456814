using Amnre.Jobs.Ledger;
using Amnre.Jobs.Workers;
using Amnre.Scheduler.Access;
using Amnre.Scheduler.Cluster;
using Amnre.Scheduler.Rescue;
using Microsoft.Extensions.Logging;

namespace Amnre.Scheduler.Dispatch;

/// <summary>The scheduler's one loop. Of several schedulers one leads: it holds an advisory lock on a session of its own, which is
/// also where it listens for hints, so that a session that breaks ends the leadership here as it does in the database.</summary>
internal sealed class SchedulerLoop(
    SchedulerIdentity identity, SchedulerRegistry registry, WorkerRegistry workers, OutcomeFolder folder, FriendlyPaths paths,
    Dispatcher dispatcher, Rescuer rescuer,
    Autoscaler autoscaler,
    SchedulerOptions options, ILogger<SchedulerLoop> logger)
{
    private static readonly TimeSpan AnnounceInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RescueInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TidyInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LinkInterval = TimeSpan.FromSeconds(60);

    /// <summary>The longest rest between two rounds.</summary>
    private static readonly TimeSpan MaxRest = TimeSpan.FromMilliseconds(100);

    /// <summary>A wait between two looks where nothing is under way, so that only a hint can bring work.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);

    public bool IsLeader { get; private set; }

    public async Task RunAsync(CancellationToken stop)
    {
        var failures = 0;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await TakePartAsync(() => failures = 0, stop);
            }
            catch (Exception) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) // The database went away, or something unforeseen: start over, from what the ledger says.
            {
                failures++;
                logger.LogWarning("The scheduler starts over ({Failures} in a row): {Message}", failures, e.Message);
                logger.LogDebug(e, "The scheduler starts over");
                await Task.Delay(TimeSpan.FromSeconds(Math.Min(0.25 * Math.Pow(2, failures), 5)), options.Clock, CancellationToken.None)
                    .WaitAsync(stop)
                    .ContinueWith(_ => { }, TaskScheduler.Default);
            }
            finally
            {
                IsLeader = false;
            }
        }
    }

    private async Task TakePartAsync(Action succeeded, CancellationToken stop)
    {
        await using var session = await LeaderSession.OpenAsync(options.ConnectionString, $"amnre leader {identity.Id}", stop);
        var announced = new Interval(options.Clock, AnnounceInterval);
        while (!await session.TryLeadAsync(stop))
        {
            await announced.WhenDueAsync(() => AnnounceAsync(leader: false, stop));
            succeeded();
            await Task.Delay(options.PollInterval, options.Clock, stop);
        }

        logger.LogInformation("Scheduler {SchedulerId} leads", identity.Id);
        IsLeader = true;
        await AnnounceAsync(leader: true, stop);
        var leadsSince = options.Clock.GetTimestamp();
        var rescued = new Interval(options.Clock, RescueInterval);
        var tidied = new Interval(options.Clock, TidyInterval);
        var linked = new Interval(options.Clock, LinkInterval);
        using var leading = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var allocations = autoscaler.RunAsync(leading.Token);
        try
        {
            while (!stop.IsCancellationRequested)
            {
                var began = options.Clock.GetTimestamp();
                var changed = await folder.FoldAsync(stop);
                var underWay = await dispatcher.DispatchAsync(stop);
                await paths.RestoreAsync(changed, stop); // Names for people come after workers have something to do.
                await rescued.WhenDueAsync(() => rescuer.RescueAsync(options.Clock.GetElapsedTime(leadsSince), stop));
                await tidied.WhenDueAsync(() => rescuer.TidyAsync(options.Clock.GetElapsedTime(leadsSince), stop));
                await linked.WhenDueAsync(() => paths.RestoreRecentAsync(stop));
                await announced.WhenDueAsync(() => AnnounceAsync(leader: true, stop));
                succeeded();
                // Sleeps as long as the round took, so events are batched and the database is ours at most half the time.
                var took = options.Clock.GetElapsedTime(began);
                await Task.Delay(took < MaxRest ? took : MaxRest, options.Clock, stop);
                await session.WaitAsync(underWay || options.PollInterval > Quiet ? options.PollInterval : Quiet, stop);
            }
        }
        finally
        {
            await leading.CancelAsync();
            await allocations;
        }
    }

    private async Task AnnounceAsync(bool leader, CancellationToken stop)
    {
        await registry.AnnounceAsync(identity.Id, Environment.MachineName, Environment.ProcessId, identity.Address, leader,
            ProgramVersion.Build, stop);
        if (!leader) return;
        foreach (var (worker, version) in await workers.AskOthersToDrainAsync(ProgramVersion.Build, stop))
            logger.LogWarning("Worker {WorkerId} is of version {Version} and not of {Own}: it is asked to leave", worker, version
                ?? "unknown", ProgramVersion.Build);
    }

    /// <summary>Lets through one call per period.</summary>
    private sealed class Interval(TimeProvider clock, TimeSpan period)
    {
        private long? _last;

        public async Task WhenDueAsync(Func<Task> call)
        {
            if (_last is { } last && clock.GetElapsedTime(last) < period)
            {
                return;
            }

            await call();
            _last = clock.GetTimestamp();
        }
    }
}
