using Amnre.Jobs.Artifacts;
using Amnre.Scheduler;
using Amnre.Scheduler.Dispatch;
using Amnre.Scheduler.Rescue;
using Amnre.Simulation.Tests.Worlds;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Amnre.Simulation.Tests.Histories;

/// <summary>A scheduler: the real <see cref="OutcomeFolder"/>, <see cref="Dispatcher"/> and <see cref="Rescuer"/> in the loop of
/// <see cref="SchedulerLoop"/>. One that was frozen, or whose session was ended, may believe for a moment that it still leads.</summary>
internal sealed class SimulatedScheduler
{
    private static readonly TimeSpan MaxRest = TimeSpan.FromMilliseconds(100), RescueInterval = TimeSpan.FromSeconds(1),
        TidyInterval = TimeSpan.FromSeconds(5);

    private readonly SimulatedDatabase _database;
    private readonly SimulatedConnection _connection;
    private readonly SchedulerOptions _options;
    private readonly OutcomeFolder _folder;
    private readonly Dispatcher _dispatcher;
    private readonly Rescuer _rescuer;

    private readonly bool _listens;
    private TaskCompletionSource _hinted = new();

    /// <param name="listens">For hints, with the rests of <see cref="SchedulerLoop"/>; else it looks at fixed times.</param>
    public SimulatedScheduler(World world, SimulatedDatabase database, string name, SchedulerOptions options, bool listens = false)
    {
        _listens = listens;
        _database = database;
        Process = new SimulatedProcess(world, name);
        _options = options with { Clock = Process.Clock };
        _connection = new SimulatedConnection(database, Process);
        _folder = new OutcomeFolder(_connection, _options, NullLogger<OutcomeFolder>.Instance);
        _dispatcher = new Dispatcher(_connection, _connection, _connection, new ArtifactStore("/nowhere"), _options,
            NullLogger<Dispatcher>.Instance);
        _rescuer = new Rescuer(_connection, _connection, _connection, _options, NullLogger<Rescuer>.Instance);
        Process.Start(LiveAsync);
    }

    public SimulatedProcess Process { get; }

    public long Rounds { get; private set; }

    private async Task LiveAsync()
    {
        for (var failures = 0; ;)
        {
            try
            {
                while (!await _connection.TryLeadAsync()) await Task.Delay(_options.PollInterval, _options.Clock);
                if (_listens) _ = _database.Hints.Listen(Process, [Jobs.Ledger.LedgerDatabase.Channel], () => _hinted.TrySetResult());
                var leadsSince = _options.Clock.GetTimestamp();
                var (rescued, tidied) = (leadsSince, leadsSince);
                while (true)
                {
                    Rounds++;
                    var began = _options.Clock.GetTimestamp();
                    await _folder.FoldAsync(CancellationToken.None);
                    await _dispatcher.DispatchAsync(CancellationToken.None);
                    if (!_listens || _options.Clock.GetElapsedTime(rescued) >= RescueInterval)
                    {
                        await _rescuer.RescueAsync(_options.Clock.GetElapsedTime(leadsSince), CancellationToken.None);
                        rescued = _options.Clock.GetTimestamp();
                    }

                    if (!_listens || _options.Clock.GetElapsedTime(tidied) >= TidyInterval)
                    {
                        await _rescuer.TidyAsync(_options.Clock.GetElapsedTime(leadsSince), CancellationToken.None);
                        tidied = _options.Clock.GetTimestamp();
                    }

                    failures = 0;
                    await RestAsync(_options.Clock.GetElapsedTime(began));
                    if (_database.Leader != Process) throw new NpgsqlException("the leader's session has ended");
                }
            }
            catch (Exception e) when (e is NpgsqlException or Jobs.Transitions.LedgerConflictException)
            {
                failures++;
                await Task.Delay(TimeSpan.FromSeconds(Math.Min(0.25 * Math.Pow(2, failures), 5)), _options.Clock);
            }
        }
    }

    private async Task RestAsync(TimeSpan took)
    {
        if (!_listens)
        {
            await Task.Delay(_options.PollInterval, _options.Clock);
            return;
        }

        await Task.Delay(took < MaxRest ? took : MaxRest, _options.Clock);
        await Task.WhenAny(_hinted.Task, Task.Delay(_options.PollInterval, _options.Clock));
        _hinted = new TaskCompletionSource();
    }
}
