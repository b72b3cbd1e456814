using Amnre.Jobs.Artifacts;
using Amnre.Scheduler.Dispatch;
using Amnre.Scheduler.Hosting;
using Amnre.Scheduler.Rescue;
using Amnre.Simulation.Tests.Worlds;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Amnre.Simulation.Tests.Histories;

/// <summary>A scheduler: the real <see cref="OutcomeFolder"/>, <see cref="Dispatcher"/> and <see cref="Rescuer"/> in the loop of
/// <see cref="SchedulerLoop"/>. One that was frozen, or whose session was ended, may believe for a moment that it still leads.</summary>
internal sealed class SimulatedScheduler
{
    private readonly SimulatedDatabase _database;
    private readonly SimulatedConnection _connection;
    private readonly SchedulerOptions _options;
    private readonly OutcomeFolder _folder;
    private readonly Dispatcher _dispatcher;
    private readonly Rescuer _rescuer;

    public SimulatedScheduler(World world, SimulatedDatabase database, string name, SchedulerOptions options)
    {
        _database = database;
        Process = new SimulatedProcess(world, name);
        _options = options with { Clock = Process.Clock };
        _connection = new SimulatedConnection(database, Process);
        _folder = new OutcomeFolder(_connection, _options, NullLogger<OutcomeFolder>.Instance);
        _dispatcher = new Dispatcher(_connection, _connection, _connection, new ArtifactStore("/nowhere"), _options, NullLogger<Dispatcher>.Instance);
        _rescuer = new Rescuer(_connection, _connection, _connection, _options, NullLogger<Rescuer>.Instance);
        Process.Start(LiveAsync);
    }

    public SimulatedProcess Process { get; }

    private async Task LiveAsync()
    {
        for (var failures = 0; ;)
        {
            try
            {
                while (!await _connection.TryLeadAsync()) await Task.Delay(_options.PollInterval, _options.Clock);
                var leadsSince = _options.Clock.GetTimestamp();
                while (true)
                {
                    await _folder.FoldAsync(CancellationToken.None);
                    await _dispatcher.DispatchAsync(CancellationToken.None);
                    await _rescuer.RescueAsync(_options.Clock.GetElapsedTime(leadsSince), CancellationToken.None);
                    await _rescuer.TidyAsync(_options.Clock.GetElapsedTime(leadsSince), CancellationToken.None);
                    failures = 0;
                    await Task.Delay(_options.PollInterval, _options.Clock);
                    if (_database.Leader != Process) throw new NpgsqlException("the leader's session has ended");
                }
            }
            catch (Exception e) when (e is NpgsqlException or Jobs.Ledger.LedgerConflictException)
            {
                failures++;
                await Task.Delay(TimeSpan.FromSeconds(Math.Min(0.25 * Math.Pow(2, failures), 5)), _options.Clock);
            }
        }
    }
}
