using Amnre.Engine;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Transitions;
using Amnre.Simulation.Tests.Memory;
using Npgsql;

namespace Amnre.Simulation.Tests.Worlds;

/// <summary>The database behind its network: answers late, loses answers, restarts, is cut off from some, and has a clock that can jump.
/// What it was told to commit, it keeps; who asked does not always learn so.</summary>
internal sealed class SimulatedDatabase(World world)
{
    /// <summary>As <see cref="LedgerDatabase"/> sets it for commands.</summary>
    private static readonly TimeSpan CommandTimeout = TimeSpan.FromSeconds(20);

    public static TimeSpan LongestLingering { get; } = TimeSpan.FromSeconds(60);

    /// <summary>A delivery younger than this may vanish when the server crashes: the transport's commits are asynchronous.</summary>
    private static readonly TimeSpan Unflushed = TimeSpan.FromSeconds(0.6);

    private readonly Dictionary<long, Queue<(Action Held, Action Lost)>> _locks = [];
    private int _epoch;

    /// <summary>How long a transaction that locks, reads and writes takes: mostly short, with a long tail.</summary>
    public Func<TimeSpan> TransactionTime { get; set; } = () => world.Chance(0.25) ? world.Between(0.02, 4) : world.Between(0.001, 0.02);

    /// <summary>What was asked, how often.</summary>
    public Dictionary<string, long> Asked { get; } = new(StringComparer.Ordinal);

    /// <summary>Who listens for hints on the database's channels.</summary>
    public SimulatedHints Hints { get; } = new(world);

    public MemoryLedger Ledger { get; set; } = null!;

    public bool IsUp { get; private set; } = true;

    /// <summary>Of its clock, against the world's time.</summary>
    public TimeSpan Offset { get; set; }

    /// <summary>How probable it is that a request lingers in the network until long after its sender has given up.</summary>
    public double Lingering { get; set; }

    public TimeSpan Now => world.Time + Offset;

    /// <summary>The process that holds the leader's lock.</summary>
    public SimulatedProcess? Leader { get; private set; }

    public void Crash()
    {
        IsUp = false;
        _epoch++;
        Hints.Break();
        foreach (var (_, lost) in _locks.Values.SelectMany(waiting => waiting)) lost();
        _locks.Clear();
        Leader = null;
        Ledger.Deliveries.RemoveAll(delivery => delivery.EnqueuedAt > Now - Unflushed && world.Chance(0.5));
    }

    public void Recover() => IsUp = true;

    /// <summary>As <c>pg_terminate_backend</c> on all sessions of a process.</summary>
    public void Terminate(SimulatedProcess process)
    {
        process.Sessions++;
        if (Leader == process) Leader = null;
    }

    public bool TryLead(SimulatedProcess process)
    {
        if (Leader is { IsAlive: true } other && other != process) return false;
        Leader = process;
        return true;
    }

    /// <summary>One statement or transaction that happens in an instant.</summary>
    public Task<T> CallAsync<T>(SimulatedProcess caller, string what, Func<T> happen, string method)
    {
        Count(method);
        var call = new Call<T>(world, this, caller, what);
        call.Send(() => call.Answer(happen));
        return call.Task;
    }

    /// <summary>A transaction that locks an experiment's row, reads, and writes a little later: others may move jobs in between.</summary>
    public Task<T> TransactAsync<T>(SimulatedProcess caller, string what, long experiment, Func<GraphTransaction?> read,
        Func<GraphTransaction?, T> write)
    {
        Count("SettleAsync");
        var call = new Call<T>(world, this, caller, what);
        call.Send(() => Lock(experiment, () =>
        {
            GraphTransaction? transaction;
            try
            {
                transaction = read();
            }
            catch (InputException e)
            {
                Unlock(experiment);
                call.Answer(() => throw e);
                return;
            }

            var epoch = _epoch;
            world.After(TransactionTime(), null, () =>
            {
                if (epoch != _epoch)
                {
                    call.Lose();
                    return;
                }

                if (call.IsBroken || !caller.IsAlive)
                {
                    call.Lose();
                }
                else
                {
                    call.Answer(() => write(transaction));
                }

                Unlock(experiment);
            });
        }, call.Lose));
        return call.Task;
    }

    public void Count(string method) => Asked[method] = Asked.GetValueOrDefault(method) + 1;

    private void Lock(long experiment, Action held, Action lost)
    {
        if (_locks.TryGetValue(experiment, out var waiting))
        {
            waiting.Enqueue((held, lost));
            return;
        }

        _locks.Add(experiment, []);
        held();
    }

    private void Unlock(long experiment)
    {
        if (_locks[experiment].TryDequeue(out var next))
        {
            next.Held();
        }
        else
        {
            _locks.Remove(experiment);
        }
    }

    /// <summary>A request on its way, and its answer.</summary>
    private sealed class Call<T>(World world, SimulatedDatabase database, SimulatedProcess caller, string what)
    {
        private readonly TaskCompletionSource<T> _answer = new();
        private readonly int _session = caller.Sessions;
        private int _epoch;
        private bool _given;

        public Task<T> Task => _answer.Task;

        public bool IsBroken => caller.IsCutOff || caller.Sessions != _session || _epoch != database._epoch || !database.IsUp;

        public void Send(Action arrived)
        {
            var lingers = world.Chance(database.Lingering);
            if (lingers) world.After(CommandTimeout, caller, () => Fail("no answer in time"));
            world.After(lingers ? world.Between(5, LongestLingering.TotalSeconds) : world.Between(0.0003, 0.01), null, () =>
            {
                _epoch = database._epoch;
                if (IsBroken)
                {
                    Lose();
                }
                else
                {
                    arrived();
                }
            });
        }

        public void Answer(Func<T> happen)
        {
            T value;
            try
            {
                value = happen();
            }
            catch (Exception refusal) when (refusal is InputException or LedgerConflictException)
            {
                Give(() => _answer.SetException(refusal));
                return;
            }
            finally
            {
                // What was asked in a poll is not worth a line.
                if (world.IsTraced && what.Length > 0) world.Say($"{caller.Name}: {what}");
            }

            Give(() => _answer.SetResult(value));
        }

        /// <summary>A closed port is known at once, a cut cable when patience ends.</summary>
        public void Lose() =>
            world.After(caller.IsCutOff ? world.Between(0.1, 10) : TimeSpan.FromSeconds(0.01), caller, () => Fail("connection lost"));

        private void Give(Action answer) => world.After(world.Between(0.0003, 0.01), null, () =>
        {
            if (IsBroken)
            {
                if (world.IsTraced && what.Length > 0) world.Say($"{caller.Name}: the answer to {what} is lost");
                Lose();
            }
            else
            {
                world.After(TimeSpan.Zero, caller, () =>
                {
                    if (_given) return;
                    _given = true;
                    answer();
                });
            }
        });

        private void Fail(string why)
        {
            if (_given) return;
            _given = true;
            if (world.IsTraced && what.Length > 0) world.Say($"{caller.Name}: {what} failed: {why}");
            _answer.SetException(new NpgsqlException(why));
        }
    }
}
