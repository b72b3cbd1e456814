using Amnre.Jobs.Dispatching;
using Amnre.Jobs.Ledger;
using Hangfire;
using Hangfire.PostgreSql;
using Hangfire.Server;
using Npgsql;

namespace Amnre.Jobs.Transport;

/// <summary>Hangfire set up as a plain carrier of job ids: no retries, no redelivery by time, none of its locks.</summary>
public sealed class JobTransport : IDeliveries
{
    private readonly NpgsqlDataSource _database;
    private readonly PostgreSqlStorage _storage;

    /// <param name="database">Such as <see cref="LedgerDatabase.OpenForTransport"/>. The schema must exist:
    /// <see cref="LedgerSchema.MigrateAsync"/>.</param>
    /// <param name="pollInterval">How soon an idle worker sees a new job that no hint told it of.</param>
    public JobTransport(NpgsqlDataSource database, TimeSpan pollInterval)
    {
        _database = database;
        _storage = new PostgreSqlStorage(new PooledConnections(database), new PostgreSqlStorageOptions
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
    }

    public JobStorage Storage => _storage;

    public Task<IReadOnlyList<long>> EnqueueAsync(IReadOnlyList<(long JobId, string Queue)> deliveries, Hints hints,
        CancellationToken cancel) =>
        DeliverySql.WriteAsync(_database, deliveries, [.. hints.Queues, .. hints.Workers.Select(JobQueues.Of)], cancel);

    /// <summary>Takes deliveries of <paramref name="queues"/>, one at a time, until disposed.</summary>
    /// <param name="hints">Told what to do when something was put into one of them.</param>
    public IBackgroundProcessingServer Serve(
        IJobRunner runner, string workerId, IReadOnlyList<string> queues, TimeSpan shutdownTimeout, DeliveryHints? hints = null)
    {
        if (hints is not null)
        {
            hints.Hinted = new SharedQueue(_storage, queues).Look;
            runner = new Observed(runner, hints.Rhythm);
        }

        IBackgroundProcessDispatcherBuilder[] process = [new DeliveryProcess([.. queues], runner).UseBackgroundPool(threadCount: 1)];
        return new BackgroundProcessingServer(Storage, process,
            new Dictionary<string, object> { ["Queues"] = queues.ToArray(), ["WorkerCount"] = 1 },
            Options(workerId, shutdownTimeout, excludeStorage: true));
    }

    /// <summary>Runs the transport's housekeeping (expiry of finished deliveries); one process of the house is enough.</summary>
    public IBackgroundProcessingServer KeepHouse(string schedulerId)
    {
        IBackgroundProcessDispatcherBuilder[] nothingElse = [];
        return new BackgroundProcessingServer(Storage, nothingElse,
            new Dictionary<string, object> { ["Queues"] = Array.Empty<string>(), ["WorkerCount"] = 0 },
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

    private sealed class Observed(IJobRunner runner, WorkRhythm rhythm) : IJobRunner
    {
        public async Task RunAsync(long jobId, CancellationToken cancel)
        {
            rhythm.Begin();
            try
            {
                await runner.RunAsync(jobId, cancel);
            }
            finally
            {
                rhythm.End();
            }
        }
    }

    private sealed class PooledConnections(NpgsqlDataSource database) : IConnectionFactory
    {
        public NpgsqlConnection GetOrCreateConnection() => database.CreateConnection();
    }
}
