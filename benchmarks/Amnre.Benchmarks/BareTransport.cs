using System.Diagnostics;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Transport;
using Hangfire;
using Hangfire.Client;
using Hangfire.Common;
using Hangfire.PostgreSql;
using Hangfire.Server;
using Hangfire.States;
using Npgsql;

namespace Amnre.Benchmarks;

/// <summary>Hangfire.PostgreSql as it comes, with its own worker and its own changes of state, and no filters, which cost time:
/// a delivery is fetched, marked as begun, runs nothing, is marked as succeeded and leaves its queue.</summary>
internal static class BareTransport
{
    private static readonly JobFilterProviderCollection NoFilters = [];

    /// <summary>Deliveries a second, in the steady state: all are in the queue before the clock starts, and the first are not
    /// counted.</summary>
    /// <param name="database">Commits as its settings say.</param>
    public static async Task<double> RateAsync(NpgsqlDataSource database, int workers, int warm, int counted, TimeSpan poll)
    {
        var storage = new PostgreSqlStorage(new Connections(database), new PostgreSqlStorageOptions
        {
            SchemaName = LedgerSchema.TransportSchema,
            PrepareSchemaIfNecessary = false,
            QueuePollInterval = poll,
            InvisibilityTimeout = TimeSpan.FromDays(1),
        });
        var client = new BackgroundJobClient(storage, new BackgroundJobFactory(NoFilters), new BackgroundJobStateChanger(NoFilters));
        for (var i = 0; i < warm + counted; i++)
            client.Create<IJobRunner>("bare", runner => runner.RunAsync(i, CancellationToken.None), new EnqueuedState("bare"));

        var counter = new Counter(warm, warm + counted);
        string[] queues = ["bare"];
        var worker = new Hangfire.Server.Worker(queues, new BackgroundJobPerformer(NoFilters, new Activator(counter)),
            new BackgroundJobStateChanger(NoFilters));
        IBackgroundProcessDispatcherBuilder[] pool = [worker.UseBackgroundPool(workers)];
        using var server = new BackgroundProcessingServer(storage, pool,
            new Dictionary<string, object> { ["Queues"] = queues, ["WorkerCount"] = workers }, new BackgroundProcessingServerOptions());
        return counted / await counter.Took;
    }

    private sealed class Connections(NpgsqlDataSource database) : IConnectionFactory
    {
        public NpgsqlConnection GetOrCreateConnection() => database.CreateConnection();
    }

    private sealed class Activator(Counter counter) : JobActivator
    {
        public override object ActivateJob(Type jobType) => counter;
    }

    private sealed class Counter(int first, int last) : IJobRunner
    {
        private readonly TaskCompletionSource<double> _took = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private long _began;
        private int _done;

        /// <summary>Seconds from the end of the first to the end of the last.</summary>
        public Task<double> Took => _took.Task;

        public Task RunAsync(long jobId, CancellationToken cancel)
        {
            var done = Interlocked.Increment(ref _done);
            if (done == first) _began = Stopwatch.GetTimestamp();
            if (done == last) _took.SetResult(Stopwatch.GetElapsedTime(_began).TotalSeconds);
            return Task.CompletedTask;
        }
    }
}
