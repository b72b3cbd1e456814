using Hangfire.PostgreSql;

namespace Amnre.Jobs.Transport;

/// <summary>Hangfire's queue as one object for all who ask, so that each waiting thread can be told to look.</summary>
internal sealed class SharedQueue : IPersistentJobQueueProvider
{
    private readonly PostgreSqlJobQueue _queue;
    private readonly IPersistentJobQueueProvider _provider;

    public SharedQueue(PostgreSqlStorage storage, IReadOnlyList<string> queues)
    {
        _queue = new PostgreSqlJobQueue(storage);
        _provider = storage.QueueProviders.GetProvider(queues[0]);
        storage.QueueProviders.Add(this, queues);
    }

    public void Look() => _queue.FetchNextJob();

    public IPersistentJobQueue GetJobQueue() => _queue;

    public IPersistentJobQueueMonitoringApi GetJobQueueMonitoringApi() => _provider.GetJobQueueMonitoringApi();
}
