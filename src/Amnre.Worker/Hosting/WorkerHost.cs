using Amnre.Engine;
using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Attempts;
using Amnre.Jobs.Dispatching;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Transport;
using Amnre.Jobs.Workers;
using Amnre.Worker.Devices;
using Amnre.Worker.Drain;
using Amnre.Worker.Execution;
using Hangfire.Logging;
using Microsoft.Extensions.Logging;
using Npgsql;
using Polly;
using Polly.Retry;

namespace Amnre.Worker.Hosting;

/// <summary>One worker process with one slot.</summary>
public static class WorkerHost
{
    /// <summary>Works until asked to drain by <paramref name="drain"/>, a signal, the ledger, or (if so set) a closed standard input;
    /// then drains and returns. Waits for a database that is not there yet.</summary>
    /// <exception cref="InputException">The options are invalid, the ledger's scheduler is of another build, or the ledger's files are in
    /// another store.</exception>
    public static async Task RunAsync(WorkerOptions options, CancellationToken drain)
    {
        var logger = options.Loggers.CreateLogger("Amnre.Worker");
        LogProvider.SetCurrentLogProvider(new Hangfire.AspNetCore.AspNetCoreLogProvider(options.Loggers));
        var until = options.Allocation is null ? null : await options.Allocation.EndAsync(refresh: false, drain);
        var identity = WorkerIdentity.Of(options, until - options.Clock.GetUtcNow(),
            [.. (await GpuProbe.ReadAsync(options.Gpus, drain)).Select(gpu => gpu.Name)]);
        await using var database = LedgerDatabase.Open(options.ConnectionString, $"amnre worker {identity.Id}");
        await using var deliveries = LedgerDatabase.OpenForTransport(options.ConnectionString, $"amnre transport {identity.Id}");
        await using var heartbeats = LedgerDatabase.Open(HeartbeatConnection(options), $"amnre heartbeat {identity.Id}");
        using var signal = new DrainSignal(options.DrainGrace, options.Clock, options.Loggers.CreateLogger<DrainSignal>());
        using var sources = new DrainSources(signal, options.ExitWithStandardInput);
        await using var onDrain = drain.Register(() => signal.Request("asked by the host"));

        var registry = new WorkerRegistry(database);
        if (!await JoinAsync(database, registry, identity, signal, options, logger))
        {
            return;
        }

        var store = new ArtifactStore(options.StoreRoot);
        var measure = new RunMeasure(options.Clock);
        var beside = Task.WhenAll(
            WatchAllocationAsync(),
            new GpuReport(registry, identity.Id, options.Gpus, options.Clock,
                options.Loggers.CreateLogger<GpuReport>()).RunAsync(signal.Token));
        using (var keeper = new LeaseKeeper(identity, new AttemptLedger(heartbeats, store), new WorkerRegistry(heartbeats), signal,
            measure, options.Lease, options.Clock, options.Loggers.CreateLogger<LeaseKeeper>()))
        {
            var runner = new JobRunner(identity, new AttemptLedger(database, store), store,
                options.Executions.ToDictionary(execution => execution.Kind),
                keeper, signal, measure, options.Lease, options.Clock, options.Loggers.CreateLogger<JobRunner>());
            IReadOnlyList<string> queues = [JobQueues.Of(identity.Id), .. identity.Entry.Kinds];
            var hints = new DeliveryHints(options.ConnectionString, $"amnre hints {identity.Id}", queues, options.Clock,
                options.Loggers.CreateLogger<DeliveryHints>());
            using var server = new JobTransport(deliveries, options.PollInterval)
                .Serve(runner, identity.Id, queues, options.DrainGrace + TimeSpan.FromSeconds(10), hints);
            var hearing = hints.RunAsync(signal.Token);
            logger.LogInformation("Worker {WorkerId} serves {Queues}", identity.Id, string.Join(", ", identity.Entry.Kinds));
            options.OnJoined?.Invoke(identity.Id);
            await signal.Requested;
            server.SendStop();
            using var timeout = new CancellationTokenSource(signal.Grace + TimeSpan.FromSeconds(5), options.Clock);
            await server.WaitForShutdownAsync(timeout.Token).ContinueWith(_ => { }, TaskScheduler.Default);
            await beside;
            await hearing;
        }

        await LeaveAsync(registry, identity, logger);

        Task WatchAllocationAsync() => until is not { } end ? Task.CompletedTask : new AllocationWatch(
            stop => options.Allocation!.EndAsync(refresh: true, stop), MovedAsync, measure, signal, options.Clock,
            options.Loggers.CreateLogger<AllocationWatch>())
            .RunAsync(end, signal.Token);

        async Task MovedAsync(DateTimeOffset end, CancellationToken stop)
        {
            try
            {
                await registry.EndsInAsync(identity.Id, end - options.Clock.GetUtcNow(), stop);
            }
            catch (Exception e) // Who places jobs goes by the earlier end.
            {
                logger.LogWarning("The new end of the allocation could not be recorded: {Message}", e.Message);
            }
        }
    }

    private static async Task<bool> JoinAsync(
        NpgsqlDataSource database, WorkerRegistry registry, WorkerIdentity identity, DrainSignal signal, WorkerOptions options,
        ILogger logger)
    {
        var retries = new ResiliencePipelineBuilder { TimeProvider = options.Clock }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<Exception>(DatabaseOutage.IsTransient),
                MaxRetryAttempts = int.MaxValue,
                Delay = TimeSpan.FromMilliseconds(500),
                MaxDelay = TimeSpan.FromSeconds(5),
                BackoffType = DelayBackoffType.Exponential,
                OnRetry = retry =>
                {
                    logger.LogWarning("The database is out of reach: {Message}", retry.Outcome.Exception?.Message);
                    options.OnWaiting?.Invoke(retry.Outcome.Exception?.Message ?? "");
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
        try
        {
            await retries.ExecuteAsync(async cancel =>
            {
                await LedgerSchema.MigrateAsync(database, cancel);
                await Admission.RequireSameBuildAsync(database, "worker", cancel);
                await new StoreLedger(database).RequireAsync(options.StoreRoot, cancel);
                options.OnAdmitted?.Invoke();
                await registry.RegisterAsync(identity.Entry, cancel);
                await using var connection = await database.OpenConnectionAsync(cancel);
                if (await Pooler.IsBetweenAsync(connection, cancel))
                    logger.LogWarning("A pooler (PgBouncer) is before the database, and keeps sessions: a worker holds up to " +
                        "{Connections}, so its pool must have as many for each", LedgerDatabase.ConnectionsOfWorker);
            }, signal.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static async Task LeaveAsync(WorkerRegistry registry, WorkerIdentity identity, ILogger logger)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        try
        {
            await registry.LeaveAsync(identity.Id, timeout.Token);
            logger.LogInformation("Worker {WorkerId} has left", identity.Id);
        }
        catch (Exception e) // Leaving without a word is allowed: the heartbeat timeout says the same a little later.
        {
            logger.LogWarning("Could not sign off: {Message}", e.Message);
        }
    }

    /// <summary>A heartbeat that takes longer than the gap between them is cancelled for the next.</summary>
    private static string HeartbeatConnection(WorkerOptions options) => new NpgsqlConnectionStringBuilder(options.ConnectionString)
    {
        MaxPoolSize = 2,
        CommandTimeout = Math.Max(1, (int)(options.Lease / 4).TotalSeconds),
        Timeout = Math.Max(1, (int)(options.Lease / 4).TotalSeconds),
    }.ConnectionString;
}
