using Amnre.Jobs.Ledger;
using Hangfire;
using Hangfire.Client;
using Hangfire.Common;
using Hangfire.PostgreSql;
using Hangfire.Server;
using Hangfire.States;
using Npgsql;

namespace Amnre.Jobs.Transport;

/// <summary>Hangfire set up as a plain carrier of job ids: no retries, no redelivery by time, none of its locks relied on.</summary>
public sealed class JobTransport : IDeliveries
{
    /// <summary>No filters at all, in particular not the automatic retry that is among the global ones.</summary>
    private static readonly JobFilterProviderCollection NoFilters = [];

    private readonly BackgroundJobClient _client;

    /// <param name="database">Such as <see cref="LedgerDatabase.OpenForTransport"/>. The schema must exist: <see cref="LedgerSchema.MigrateAsync"/>.</param>
    /// <param name="pollInterval">How soon an idle worker sees a new job.</param>
    public JobTransport(NpgsqlDataSource database, TimeSpan pollInterval)
    {
        Storage = new PostgreSqlStorage(new PooledConnections(database), new PostgreSqlStorageOptions
        {
            SchemaName = LedgerSchema.TransportSchema,
            PrepareSchemaIfNecessary = false,
            QueuePollInterval = pollInterval,
            // A delivery is never repeated because of the time it takes: the ledger's leases say what is lost.
            InvisibilityTimeout = TimeSpan.FromDays(1000),
            UseSlidingInvisibilityTimeout = false,
            EnableLongPolling = false,
            AllowDegradedModeWithoutStorage = false,
            JobExpirationCheckInterval = TimeSpan.FromMinutes(10),
        });
        _client = new BackgroundJobClient(Storage, new BackgroundJobFactory(NoFilters), new BackgroundJobStateChanger(NoFilters));
    }

    public JobStorage Storage { get; }

    public long Enqueue(long jobId, string queue) =>
        long.Parse(_client.Create<IJobRunner>(queue, runner => runner.RunAsync(jobId, CancellationToken.None), new EnqueuedState(queue)));

    /// <summary>Takes deliveries of <paramref name="queues"/>, one at a time, until disposed.</summary>
    public IBackgroundProcessingServer Serve(IJobRunner runner, string workerId, IReadOnlyList<string> queues, TimeSpan shutdownTimeout)
    {
        var worker = new Worker(queues, new BackgroundJobPerformer(NoFilters, new OneRunner(runner)), new BackgroundJobStateChanger(NoFilters));
        return new BackgroundProcessingServer(Storage, [worker.UseBackgroundPool(threadCount: 1)],
            new Dictionary<string, object> { ["Queues"] = queues.ToArray(), ["WorkerCount"] = 1 },
            Options(workerId, shutdownTimeout, excludeStorage: true));
    }

    /// <summary>Runs the transport's housekeeping (expiry of finished deliveries); one process of the house is enough.</summary>
    public IBackgroundProcessingServer KeepHouse(string schedulerId)
    {
        IBackgroundProcessDispatcherBuilder[] nothingElse = [];
        return new BackgroundProcessingServer(Storage, nothingElse, new Dictionary<string, object> { ["Queues"] = Array.Empty<string>(), ["WorkerCount"] = 0 },
            Options(schedulerId, TimeSpan.FromSeconds(5), excludeStorage: false));
    }

    private static BackgroundProcessingServerOptions Options(string name, TimeSpan shutdownTimeout, bool excludeStorage) => new()
    {
        ServerName = name,
        ExcludeStorageProcesses = excludeStorage,
        StopTimeout = TimeSpan.Zero,
        ShutdownTimeout = shutdownTimeout,
        // After an outage of the database everything is back within seconds, however long it was.
        RetryDelay = attempt => TimeSpan.FromSeconds(Math.Min(attempt, 3)),
        RestartDelay = TimeSpan.FromSeconds(1),
    };

    private sealed class PooledConnections(NpgsqlDataSource database) : IConnectionFactory
    {
        public NpgsqlConnection GetOrCreateConnection() => database.CreateConnection();
    }

    private sealed class OneRunner(IJobRunner runner) : JobActivator
    {
        public override object ActivateJob(Type jobType) => runner;
    }
}
