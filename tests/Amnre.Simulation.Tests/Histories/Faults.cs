using Amnre.Simulation.Tests.Audit;
using Amnre.Simulation.Tests.Worlds;

namespace Amnre.Simulation.Tests.Histories;

/// <summary>What goes wrong, and how it is put right.</summary>
internal sealed class Faults(World world, SimulatedDatabase database, SimulatedStore store, Auditor auditor, Cluster cluster)
{
    private readonly List<Action> _damage = [];

    public Dictionary<string, int> Struck { get; } = new(StringComparer.Ordinal);

    public void Begin(double meanSeconds, TimeSpan until) => Next(meanSeconds, until);

    /// <summary>Everything that is still damaged is made good.</summary>
    public void Heal()
    {
        _damage.ForEach(repair => repair());
        _damage.Clear();
        database.Lingering = 0;
    }

    private void Next(double meanSeconds, TimeSpan until) => world.After(world.Exponential(meanSeconds), null, () =>
    {
        if (world.Time >= until) return;
        Strike();
        Next(meanSeconds, until);
    });

    private void Strike()
    {
        var kind = world.Random.Next(16);
        var victim = world.Any(cluster.Processes);
        var worker = world.Any(cluster.Workers);
        switch (kind)
        {
            case 0 or 1:
                Note("kill -9 of a worker");
                cluster.KillWorker(worker);
                break;
            case 2:
                Note("kill -9 of a scheduler");
                cluster.KillScheduler();
                break;
            case 3 or 4:
                Note("SIGSTOP", victim);
                victim.Freeze();
                Later(world.Between(1, 60), victim.Thaw);
                break;
            case 5:
                Note("network cut", victim);
                victim.IsCutOff = true;
                Later(world.Between(1, 60), () => victim.IsCutOff = false);
                break;
            case 6 when database.IsUp:
                Note("database crash");
                database.Crash();
                Later(world.Between(0.5, 20), database.Recover);
                break;
            case 7:
                Note("sessions terminated", victim);
                database.Terminate(victim);
                break;
            case 8:
                Note("delivery duplicated, lost or late");
                cluster.DisturbDelivery();
                break;
            case 9:
                Note("database clock jumps");
                database.Offset += world.Between(-20, 40);
                break;
            case 10 or 12 or 13:
                Note("machine suspended", victim);
                var asleep = world.Between(1, 40);
                victim.Freeze();
                victim.Behind += asleep;
                world.After(asleep, null, victim.Thaw);
                break;
            case 11 when world.Chance(0.5):
                Note("disk full", worker.Process);
                worker.IsDiskFull = true;
                Later(world.Between(1, 15), () => worker.IsDiskFull = false);
                break;
            case 14 when Published is [_, ..] files:
                Note("file damaged");
                var damaged = world.Any(files);
                store.Files[damaged] = store.Files[damaged] with { Text = "damaged" };
                auditor.DamagedFiles.Add(damaged);
                break;
            case 15 when Published is [_, ..] files:
                Note("file lost");
                var lost = world.Any(files);
                store.Files.Remove(lost);
                auditor.DamagedFiles.Add(lost);
                break;
            default:
                Note("SIGTERM of a worker");
                cluster.DrainWorker(worker);
                break;
        }
    }

    /// <summary>Files that stand for results and are there.</summary>
    private IReadOnlyList<string> Published =>
        [.. database.Ledger.Publications.Values.SelectMany(published => published.Files).Select(file => file.Path)
            .Where(store.Files.ContainsKey).Order(StringComparer.Ordinal)];

    private void Note(string kind, SimulatedProcess? victim = null)
    {
        Struck[kind] = Struck.GetValueOrDefault(kind) + 1;
        world.Say($"******  {kind} {victim?.Name}");
    }

    private void Later(TimeSpan delay, Action repair)
    {
        _damage.Add(repair);
        world.After(delay, null, () =>
        {
            if (_damage.Remove(repair)) repair();
        });
    }
}
