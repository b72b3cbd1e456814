using Amnre.Jobs.Dispatching;

namespace Amnre.Simulation.Tests.Worlds;

/// <summary>LISTEN and NOTIFY: a hint reaches who listens a moment later; a session that breaks hears nothing any more, and its owner
/// learns so.</summary>
internal sealed class SimulatedHints(World world)
{
    private readonly Dictionary<string, List<Session>> _sessions = new(StringComparer.Ordinal);

    /// <summary>Hints that reached a worker.</summary>
    public long Heard { get; private set; }

    /// <param name="process">Whose.</param>
    /// <param name="channels">Queues.</param>
    /// <param name="hinted">Called in the process at each hint.</param>
    /// <returns>Ends when the session breaks.</returns>
    public Task Listen(SimulatedProcess process, IEnumerable<string> channels, Action hinted)
    {
        var session = new Session(process, hinted);
        foreach (var channel in channels)
        {
            if (!_sessions.TryGetValue(channel, out var there)) _sessions.Add(channel, there = []);
            there.Add(session);
        }

        return session.Broken;
    }

    /// <summary>Every hint goes to all workers, as it would if nobody chose among them.</summary>
    public bool ToAll { get; set; }

    public void Notify(Hints hints)
    {
        if (ToAll && hints.Queues.Count + hints.Workers.Count > 0) hints = new Hints(JobQueues.All, []);
        foreach (var channel in hints.Queues.Concat(hints.Workers.Select(JobQueues.Of))) Notify(channel);
    }

    public void Notify(string channel)
    {
        foreach (var session in _sessions.GetValueOrDefault(channel) ?? [])
        {
            if (!session.Process.IsAlive) continue;
            Heard++;
            world.After(world.Between(0.0003, 0.01), session.Process, session.Hinted);
        }
    }

    public void Break()
    {
        foreach (var session in _sessions.Values.SelectMany(there => there).Distinct()) session.Break();
        _sessions.Clear();
    }

    private sealed class Session(SimulatedProcess process, Action hinted)
    {
        private readonly TaskCompletionSource _broken = new();

        public SimulatedProcess Process => process;

        public Action Hinted => hinted;

        public Task Broken => _broken.Task;

        public void Break() => _broken.TrySetResult();
    }
}
