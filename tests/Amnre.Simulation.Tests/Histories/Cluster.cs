using Amnre.Jobs.Ledger;
using Amnre.Scheduler;
using Amnre.Simulation.Tests.Audit;
using Amnre.Simulation.Tests.Memory;
using Amnre.Simulation.Tests.Worlds;

namespace Amnre.Simulation.Tests.Histories;

/// <summary>The processes of a history; whoever dies or leaves is followed by another after a while.</summary>
internal sealed class Cluster
{
    /// <summary>Workers are of two kinds by turns, and so are those that follow them.</summary>
    private static readonly DeviceFacts[] Devices = [.. new[] { "AVX-512", "AVX2" }.Select(vectors =>
        new DeviceFacts { Processor = "a processor", Family = "maker family 1", Vectors = vectors, Kernels = "processor", Torch = "2" })];

    private readonly World _world;
    private readonly SimulatedDatabase _database;
    private readonly SimulatedStore _store;
    private readonly Auditor _auditor;
    private readonly Scenario _scenario;
    private readonly Mutation _mutation;
    private readonly SimulatedProcess _launcher;
    private readonly SchedulerOptions _options;
    private int _named;

    public Cluster(World world, SimulatedDatabase database, SimulatedStore store, Auditor auditor, Scenario scenario, Mutation mutation)
    {
        (_world, _database, _store, _auditor, _scenario, _mutation) = (world, database, store, auditor, scenario, mutation);
        _launcher = new SimulatedProcess(world, "launcher");
        _options = new SchedulerOptions
        {
            ConnectionString = "",
            StoreRoot = "",
            Retry = scenario.Retry,
            PollInterval = TimeSpan.FromSeconds(2),
            DeliveryTimeout = scenario.DeliveryTimeout,
        };
        for (var n = 0; n < scenario.Workers; n++) AddWorker(Devices[n % Devices.Length]);
        for (var n = 0; n < scenario.Schedulers; n++) AddScheduler();
    }

    public List<SimulatedWorker> Workers { get; } = [];

    public List<SimulatedScheduler> Schedulers { get; } = [];

    public IReadOnlyList<SimulatedProcess> Processes =>
        [.. Workers.Select(worker => worker.Process), .. Schedulers.Select(scheduler => scheduler.Process)];

    public Exception? Fault => Processes.Append(_launcher).FirstOrDefault(process => process.Fault is not null)?.Fault;

    public void KillWorker(SimulatedWorker worker)
    {
        worker.Process.Kill();
        if (_world.Chance(0.5)) Report(worker);
    }

    public void KillScheduler()
    {
        var victim = _world.Any(Schedulers);
        victim.Process.Kill();
        Schedulers.Remove(victim);
        AddScheduler();
    }

    public void DrainWorker(SimulatedWorker worker) => _world.After(TimeSpan.Zero, worker.Process, worker.Drain);

    public void DisturbDelivery()
    {
        var ledger = _database.Ledger;
        if (ledger.Deliveries.Count == 0)
        {
            // One from long ago.
            if (ledger.Jobs.Count > 0) ledger.Enqueue(_world.Any([.. ledger.Jobs.Keys]), "plain");
            return;
        }

        var delivery = _world.Any(ledger.Deliveries);
        switch (_world.Random.Next(3))
        {
            case 0:
                ledger.Enqueue(delivery.JobId, delivery.Queue);
                break;
            case 1:
                ledger.Deliveries.Remove(delivery);
                break;
            default:
                delivery.FetchedAt = null;
                break;
        }
    }

    private void AddWorker(DeviceFacts device)
    {
        var worker = new SimulatedWorker(_world, _database, _store, _auditor, $"w{++_named}", _scenario.Lease, _mutation, device: device);
        Workers.Add(worker);
        worker.Process.Died += () => _world.After(_world.Between(0.1, 8), null, () =>
        {
            Workers.Remove(worker);
            AddWorker(device);
        });
    }

    /// <summary>A successor that is there at once only waits for the lock.</summary>
    private void AddScheduler() => Schedulers.Add(new SimulatedScheduler(_world, _database, $"s{++_named}", _options));

    private void Report(SimulatedWorker worker)
    {
        _auditor.SeenDying.Add(worker.Process.Name);
        _launcher.Start(async () =>
        {
            await Task.Delay(_world.Between(0.1, 3), _launcher.Clock);
            try
            {
                await new SimulatedConnection(_database, _launcher).ReportDeadAsync(worker.Process.Name);
            }
            catch (Npgsql.NpgsqlException)
            {
                // Then the lease will say it.
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, _launcher.Clock);
        });
    }
}
