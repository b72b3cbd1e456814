using Npgsql;

namespace Amnre.Simulation.Tests.Interleavings;

/// <summary>What one actor does, on a database that it reaches one statement at a time.</summary>
internal sealed record Actor(string Name, Func<NpgsqlDataSource, Task> Act);

/// <summary>Runs actors again and again, each time in another order of their statements, until all orders with at most so many preemptions
/// have been: stateless model checking with a bound on context switches. An actor that waits for a lock of another is not on
/// turn.</summary>
internal sealed class Explorer(string connectionString, NpgsqlDataSource monitor, int preemptions)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public int Orders { get; private set; }

    public int Statements { get; private set; }

    /// <summary>Orders in which somebody had to wait for somebody's lock.</summary>
    public int Waits { get; private set; }

    /// <param name="begin">Prepares one run, and says who acts in it and what must hold after it.</param>
    public async Task ExploreAsync(Func<Task<(IReadOnlyList<Actor> Actors, Func<string, Task> Audit)>> begin)
    {
        List<GatedConnection>? gates = null;
        List<int> prefix = [];
        try
        {
            do
            {
                var (actors, audit) = await begin();
                gates ??= [.. actors.Select(_ => new GatedConnection(connectionString))];
                var choices = await RunAsync(actors, gates, prefix);
                Orders++;
                Statements += choices.Count;
                await audit(string.Join(' ', choices.Select(choice => $"{actors[choice.Actor].Name}:{choice.Statement}")));
                prefix = Next(choices);
            }
            while (prefix.Count > 0);
        }
        finally
        {
            foreach (var gate in gates ?? []) await gate.DisposeAsync();
        }
    }

    private async Task<List<Choice>> RunAsync(IReadOnlyList<Actor> actors, List<GatedConnection> gates, List<int> prefix)
    {
        foreach (var gate in gates)
        {
            // Connected before anything is held back.
            gate.IsOpen = true;
            await using (await gate.Database.OpenConnectionAsync())
            {
                gate.IsOpen = false;
            }
        }

        var acting = actors.Select((actor, n) => Task.Run(() => actor.Act(gates[n].Database))).ToList();
        var choices = new List<Choice>();
        var used = 0;
        var waited = false;
        while (true)
        {
            waited |= await SettleAsync(acting, gates);
            var enabled = Enumerable.Range(0, actors.Count).Where(n => !acting[n].IsCompleted && gates[n].IsAtGate).ToList();
            if (enabled.Count == 0)
            {
                if (acting.TrueForAll(task => task.IsCompleted)) break;
                continue;
            }

            var last = choices.Count > 0 ? choices[^1].Actor : -1;
            // Going on with the same actor comes first and is free.
            var order = enabled.OrderByDescending(n => n == last).ThenBy(n => n).ToList();
            var preempts = last >= 0 && enabled.Contains(last);
            var index = choices.Count < prefix.Count ? Math.Min(prefix[choices.Count], order.Count - 1) : 0;
            var alternatives = preempts && used >= preemptions ? 1 : order.Count;
            used += preempts && index > 0 ? 1 : 0;
            choices.Add(new Choice(order[index], index, alternatives, gates[order[index]].Waiting));
            gates[order[index]].Release();
        }

        await Task.WhenAll(acting).WaitAsync(Patience);
        Waits += waited ? 1 : 0;
        foreach (var gate in gates) gate.IsOpen = true;
        return choices;
    }

    /// <summary>Waits until each actor has ended, stands at its gate, or waits in the database for another's lock.</summary>
    private async Task<bool> SettleAsync(List<Task> acting, List<GatedConnection> gates)
    {
        var started = TimeProvider.System.GetTimestamp();
        for (var round = 0; ; round++)
        {
            var unsettled = Enumerable.Range(0, gates.Count).Where(n => !acting[n].IsCompleted && !gates[n].IsAtGate).ToList();
            if (unsettled.Count == 0) return false;
            if (round > 40 && await AllWaitForLocksAsync([.. unsettled.Select(n => gates[n])]))
            {
                return true;
            }

            if (TimeProvider.System.GetElapsedTime(started) > Patience) throw new TimeoutException("an actor neither ends nor moves");
            if (round < 35)
            {
                Thread.Yield();
            }
            else
            {
                await Task.Delay(1);
            }
        }
    }

    private async Task<bool> AllWaitForLocksAsync(List<GatedConnection> gates)
    {
        if (gates.Exists(gate => !gate.IsInFlight)) return false;
        await using var command = monitor.CreateCommand(
            "select count(*)::int from pg_stat_activity where pid = any($1) and wait_event_type = 'Lock' and " +
                "cardinality(pg_blocking_pids(pid)) > 0");
        command.Parameters.AddWithValue(gates.Select(gate => gate.Backend).ToArray());
        return (int)(await command.ExecuteScalarAsync())! == gates.Count && gates.TrueForAll(gate => gate.IsInFlight);
    }

    /// <summary>The next order in depth-first search; empty when there is none.</summary>
    private static List<int> Next(List<Choice> choices)
    {
        for (var at = choices.Count - 1; at >= 0; at--)
        {
            if (choices[at].Index + 1 < choices[at].Alternatives)
            {
                return [.. choices.Take(at).Select(choice => choice.Index), choices[at].Index + 1];
            }
        }

        return [];
    }

    private sealed record Choice(int Actor, int Index, int Alternatives, string Statement);
}
