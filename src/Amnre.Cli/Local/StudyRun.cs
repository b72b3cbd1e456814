using Amnre.Cli.Logs;
using Amnre.Cli.Studies;
using Amnre.Cli.Terminal;
using Amnre.Engine;
using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Operations;
using Amnre.Jobs.Postgres;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Submissions;
using Amnre.Jobs.Views;
using Amnre.Jobs.Workers;
using Amnre.Scheduler.Access;
using Microsoft.Extensions.Logging;
using Npgsql;
using Spectre.Console;

namespace Amnre.Cli.Local;

/// <summary>One <c>amnre run</c>: brings up what is missing, submits, watches to the end, and takes everything down cleanly.</summary>
internal sealed class StudyRun(StudyOptions options, TimeProvider clock)
{
    /// <summary>Time for workers to checkpoint and return their jobs to the queue.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    /// <param name="plan">The jobs.</param>
    /// <param name="ended">Told how the study stands at the end, or when it was stopped, with its published files and the store; null
    /// for nobody.</param>
    /// <param name="stop">Stops cleanly.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(
        ExperimentPlan plan, Action<ExperimentSnapshot, IReadOnlyList<PublishedFile>, string>? ended, CancellationToken stop)
    {
        var started = clock.GetTimestamp();
        // Before anything is made: what is refused here leaves nothing behind.
        if (options.Postgres is { } named) await RequireAsync(named, options.Store, stop);
        else PrivatePostgres.RequirePrograms(options.PostgresBinaries);
        await DiskRoom.WaitAsync(options.Store, DiskRoom.ToBegin, Console.Error.WriteLine, clock, stop);
        Directory.CreateDirectory(options.Store);
        using var logging = LoggingSetup.Create(options.Store, "run");
        // Here too, because the scheduler's own refusal would be hidden in its log.
        AccessTokens.Find(null, options.Store, clock);
        OwnTokens.Remember(options.Store);
        await using var server = options.Postgres is null
            ? await PrivatePostgres.StartAsync(Path.Combine(options.Store, "postgres"), options.PostgresBinaries, stop,
                PrivatePostgres.ConnectionsFor(options.Workers), Console.Error.WriteLine)
            : null;
        await using var guard = new StudyGuard(server, options.Store, clock, stop);
        try
        {
            return await RunAsync(plan, ended, server?.ConnectionString ?? options.Postgres!, started, guard, logging);
        }
        catch (OperationCanceledException cancelled) when (guard.Trouble is { } trouble)
        {
            throw new ServerTroubleException(trouble.Message, cancelled);
        }
        catch (IOException) when (DiskRoom.Free(options.Store) < DiskRoom.ToBegin)
        {
            // Whoever wrote met the full disk before the guard had waited for room: the guard's words say what to do.
            await DiskRoom.WaitAsync(options.Store, DiskRoom.ToBegin, _ => { }, clock, stop);
            throw;
        }
    }

    private async Task<int> RunAsync(
        ExperimentPlan plan, Action<ExperimentSnapshot, IReadOnlyList<PublishedFile>, string>? ended, string connectionString, long started,
        StudyGuard guard, StoreLogging logging)
    {
        var stop = guard.Stop;
        await using var database = LedgerDatabase.Open(connectionString, "amnre");
        await Outages.OutlastAsync(async () =>
        {
            await LedgerSchema.MigrateAsync(database, stop);
            await Admission.RequireSameBuildAsync(database, "command", stop);
            await new StoreLedger(database).RequireOrRegisterAsync(options.Store, stop);
        }, clock, stop);
        logging.Admit();

        await using var cluster = new LocalCluster(clock, logging.CreateLogger<LocalCluster>());
        var processes = new StudyProcesses(options, connectionString, database, cluster, logging.CreateLogger<WorkerDeaths>());
        var submitted = await Outages.OutlastAsync(() => SubmitAsync(plan, database, processes, stop), clock, stop);
        Report.Submission(plan, submitted);
        var snapshot = await WatchAsync(submitted.ExperimentId, plan.Name, database, processes, stop);
        await cluster.LeaveAsync(Grace);
        if (guard.Trouble is { } trouble) throw new ServerTroubleException(trouble.Message, trouble);

        var files = new FileViews(database);
        var links = await Outages.OutlastAsync(() => files.LinksAsync(submitted.ExperimentId, CancellationToken.None), clock,
            CancellationToken.None);
        if (FriendlyLinks.Restore(new ArtifactStore(options.Store), links).Error is { } error)
            AnsiConsole.MarkupLineInterpolated($"[yellow]some results have no friendly name: {error}[/]");
        var published = await Outages.OutlastAsync(() => files.FilesAsync(submitted.ExperimentId, CancellationToken.None), clock,
            CancellationToken.None);
        if (snapshot.Experiment.State == ExperimentState.Running)
        {
            ended?.Invoke(snapshot, published, options.Store);
            var done = $"{snapshot.Experiment.Done} of {snapshot.Experiment.Total} jobs done";
            AnsiConsole.MarkupLineInterpolated($"[yellow]Stopped with {done}.[/] Run the same command again to resume.");
            return ExitCode.Interrupted;
        }

        Report.Write(snapshot, published, options.Store, clock.GetElapsedTime(started));
        ended?.Invoke(snapshot, published, options.Store);
        return snapshot.Experiment.State == ExperimentState.Succeeded ? ExitCode.Success : ExitCode.Failed;
    }

    /// <summary>Whether the server that was named can be worked with.</summary>
    /// <exception cref="InputException">It is not there, or lets no one in; or its files are in another store.</exception>
    private static async Task RequireAsync(string connectionString, string store, CancellationToken stop)
    {
        await using var database = LedgerDatabase.Open(connectionString, "amnre");
        try
        {
            await LedgerSchema.MigrateAsync(database, stop);
            await new StoreLedger(database).RequireAsync(store, stop);
        }
        catch (Exception lost) when (lost is NpgsqlException or TimeoutException)
        {
            throw new InputException($"the database does not answer: {lost.Message}; nothing was started", lost);
        }
    }

    /// <summary>Submits. An unfinished earlier version with another plan is cancelled first, and only for that reason: on a private
    /// server no other user waits for it.</summary>
    private async Task<Submitted> SubmitAsync(ExperimentPlan plan, NpgsqlDataSource database, StudyProcesses processes,
        CancellationToken stop)
    {
        var store = new ArtifactStore(options.Store);
        new StoreInputs(store).Take(plan.Files, clock, stop);
        var submission = new Submission(database, store);
        var audit = new AuditTrail(database);
        await audit.SubmissionAsync(Requester.AtTheDatabase, plan, stop);
        try
        {
            return await submission.SubmitAsync(plan, new SubmitOptions { VerifyDigests = options.Verify }, stop);
        }
        catch (OtherPlanException) when (options.Postgres is null)
        {
            var views = new ExperimentViews(database);
            if (await views.FindAsync(plan.Name, stop) is not { } earlier) throw;
            await audit.RecordAsync(Requester.AtTheDatabase, $"cancel {plan.Name}", earlier, null, stop);
            if (!await new Cancellation(database).CancelAsync(earlier, stop)) throw;
            AnsiConsole.MarkupLineInterpolated(
                $"The experiment file has changed since the last, unfinished run: cancelling that one, keeping what it published.");
            processes.StartScheduler();
            while ((await views.SummaryAsync(earlier, stop))?.State == ExperimentState.Running) await Task.Delay(LookEvery, clock, stop);
            return await submission.SubmitAsync(plan, new SubmitOptions { VerifyDigests = options.Verify }, stop);
        }
    }

    private async Task<ExperimentSnapshot> WatchAsync(
        long experiment, string name, NpgsqlDataSource database, StudyProcesses processes, CancellationToken stop)
    {
        var watch = new ExperimentWatch(new ExperimentViews(database).SnapshotAsync, clock);
        var snapshot = await Outages.OutlastAsync(() => watch.LookAsync(experiment, stop), clock, stop);
        if (snapshot.Experiment.State != ExperimentState.Running) return snapshot;

        processes.StartScheduler();
        processes.StartWorkers();
        var address = await AddressAsync(database, stop);
        Console.WriteLine($"dashboard: {address ?? "(not up yet)"}"); // Whole, however narrow the terminal: a broken link cannot be opened.
        return await watch.FollowAsync(experiment, name, "stopping: workers save their state ...", stop);
    }

    private async Task<string?> AddressAsync(NpgsqlDataSource database, CancellationToken stop)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stop);
        timeout.CancelAfter(TimeSpan.FromSeconds(60));
        var registry = new SchedulerRegistry(database);
        try
        {
            while (true)
            {
                var live = await Outages.OutlastAsync(() => registry.LiveAsync(timeout.Token), clock, timeout.Token);
                if (live.FirstOrDefault(entry => entry is { Address: not null, Leader: true }) is { } leader)
                    return await SignInLinks.OfAsync(leader, options.Store, clock, stop);
                await Task.Delay(LookEvery, clock, timeout.Token);
            }
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return null;
        }
    }
}
