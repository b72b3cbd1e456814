namespace Amnre.Simulation.Tests.Worlds;

/// <summary>Virtual time, the order in which everything happens, and the one source of chance: all of a history is a function of its
/// seed.</summary>
internal sealed class World(long seed, bool traced)
{
    private readonly PriorityQueue<(SimulatedProcess? Process, Action Happen), (long At, long Order)> _pending = new();
    private long _order;

    /// <summary>Since the world began, in <see cref="TimeSpan"/> ticks.</summary>
    public long Now { get; private set; }

    public TimeSpan Time => TimeSpan.FromTicks(Now);

    public Random Random { get; } = new((int)(seed ^ (seed >> 32)));

    public long Steps { get; private set; }

    public bool IsTraced => traced;

    public List<string> Trace { get; } = [];

    public void Say(string what)
    {
        if (traced) Trace.Add($"{Time.TotalSeconds,9:F3}  {what}");
    }

    public void After(TimeSpan delay, SimulatedProcess? process, Action happen) =>
        _pending.Enqueue((process, happen), (Now + Math.Max(delay.Ticks, 0), _order++));

    /// <summary>Lets the next thing happen.</summary>
    /// <returns>False when nothing is left to happen.</returns>
    public bool Step()
    {
        if (!_pending.TryDequeue(out var next, out var when)) return false;
        Now = when.At;
        Steps++;
        if (next.Process is null)
        {
            next.Happen();
        }
        else
        {
            next.Process.Take(next.Happen);
        }

        return true;
    }

    public bool Chance(double probability) => Random.NextDouble() < probability;

    public T Any<T>(IReadOnlyList<T> of) => of[Random.Next(of.Count)];

    /// <summary>Exponentially distributed, as waiting times between unrelated events are.</summary>
    public TimeSpan Exponential(double meanSeconds) => TimeSpan.FromSeconds(-meanSeconds * Math.Log(1 - Random.NextDouble()));

    public TimeSpan Between(double leastSeconds, double mostSeconds) =>
        TimeSpan.FromSeconds(leastSeconds + (Random.NextDouble() * (mostSeconds - leastSeconds)));
}
