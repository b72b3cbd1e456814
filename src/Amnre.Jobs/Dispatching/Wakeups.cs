namespace Amnre.Jobs.Dispatching;

/// <summary>Which idle workers are told to look into their queues: about as many as there are deliveries, not all that could take
/// one.</summary>
/// <remarks>Nothing depends on a hint: who is not told looks now and then, and who ends a job looks at once. A delivery that no worker took
/// although workers are idle is told of again, to others, with each round of the dispatcher.</remarks>
public static class Wakeups
{
    /// <summary>So few workers are all told, whatever they do: one that has just become idle then learns at once.</summary>
    private const int Few = 16;

    /// <summary>Told beyond the number of deliveries, for some of the idle may have died or found work.</summary>
    private const int Spare = 2;

    /// <param name="placed">What is handed out now.</param>
    /// <param name="situation">As it was just before.</param>
    /// <param name="round">Counts the dispatcher's rounds: each begins with other workers.</param>
    public static Hints Decide(IReadOnlyList<Placed> placed, PlacementSituation situation, int round)
    {
        var workers = placed.Select(one => one.WorkerId).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var queues = new List<string>();
        var shared = placed.Where(one => one.WorkerId is null).CountBy(one => one.Job.Queue).ToDictionary(StringComparer.Ordinal);
        foreach (var queue in situation.Waiting.Keys.Union(shared.Keys).Order(StringComparer.Ordinal))
        {
            var there = situation.Waiting.GetValueOrDefault(queue) + shared.GetValueOrDefault(queue);
            if (there == 0) continue;
            var serving = situation.Workers.Where(worker => worker.Queues.Contains(queue)).ToList();
            if (serving.Count <= Few)
            {
                if (shared.ContainsKey(queue) || serving.Exists(worker => !worker.Busy)) queues.Add(queue);
                continue;
            }

            var idle = serving.Where(worker => !worker.Busy && !workers.Contains(worker.Id)).Select(worker => worker.Id)
                .Order(StringComparer.Ordinal).ToList();
            var told = Math.Min(there + Spare, idle.Count);
            for (var i = 0; i < told; i++) workers.Add(idle[(int)((((long)round * told) + i) % idle.Count)]);
        }

        return new Hints(queues, [.. workers.Order(StringComparer.Ordinal)]);
    }
}

/// <summary>Workers to notify.</summary>
/// <param name="Queues">All who serve these shared queues.</param>
/// <param name="Workers">These by name.</param>
public sealed record Hints(IReadOnlyList<string> Queues, IReadOnlyList<string> Workers)
{
    public static Hints None { get; } = new([], []);
}
