using Amnre.Engine;
using Amnre.Jobs.Attempts;
using Amnre.Jobs.Dispatching;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Workers;
using Amnre.Simulation.Tests.Audit;
using Amnre.Simulation.Tests.Memory;
using Amnre.Simulation.Tests.Worlds;
using Amnre.Worker.Execution;
using Npgsql;

namespace Amnre.Simulation.Tests.Histories;

/// <summary>A worker: the loops of the real one on virtual time, around the real <see cref="LeaseWatch"/>, <see cref="HeldAttempt"/>,
/// <see cref="AttemptResult"/>, <see cref="FailureClassifier"/> and <see cref="Settlement"/>.</summary>
internal sealed class SimulatedWorker
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(60);

    private readonly World _world;
    private readonly SimulatedStore _store;
    private readonly Auditor _auditor;
    private readonly SimulatedConnection _connection;
    private readonly TimeSpan _lease;
    private readonly Mutation _mutation;
    private readonly LeaseWatch _watch;
    private readonly WorkerEntry _entry;
    private HeldAttempt? _held;
    private readonly WorkerHabits _habits;
    private TaskCompletionSource _hinted = new();
    private bool _draining;

    public SimulatedWorker(
        World world, SimulatedDatabase database, SimulatedStore store, Auditor auditor, string id, TimeSpan lease, Mutation mutation,
        WorkerHabits? habits = null, DeviceFacts? device = null)
    {
        _habits = habits ?? WorkerHabits.Rough;
        (_world, _store, _auditor, _lease, _mutation) = (world, store, auditor, lease, mutation);
        Process = new SimulatedProcess(world, id);
        _connection = new SimulatedConnection(database, Process);
        _watch = new LeaseWatch(lease, Process.Clock);
        _entry = new WorkerEntry(id, "host", 1, 1, [JobQueues.Cpu], null) { Device = device };
        Process.Start(LiveAsync);
    }

    public SimulatedProcess Process { get; }

    /// <summary>Its disk has no space left.</summary>
    public bool IsDiskFull { get; set; }

    private TimeProvider Clock => Process.Clock;

    /// <summary>As SIGTERM.</summary>
    public void Drain()
    {
        if (_draining) return;
        _draining = true;
        _world.After(Grace, Process, () => _held?.StopFor(StopReason.GraceOver));
    }

    private async Task LiveAsync()
    {
        await PersistAsync(() => _connection.RegisterAsync(_entry));
        _ = BeatAsync();
        if (_habits.Listens) _ = ListenAsync();
        while (!_draining)
        {
            try
            {
                _hinted = new TaskCompletionSource();
                if (await _connection.FetchAsync([JobQueues.Of(_entry.Id), .. _entry.Kinds]) is { } delivery)
                {
                    if (_world.Chance(_habits.Slow)) await DelayAsync(_world.Between(0, 20)); // A busy machine.
                    await RunAsync(delivery.JobId);
                    await _connection.RemoveAsync(delivery.Id);
                    continue;
                }
            }
            catch (NpgsqlException)
            {
                // As in the transport: after an outage it goes on with the next delivery.
            }

            if (_habits.Listens) await Task.WhenAny(_hinted.Task, DelayAsync(_habits.Poll));
            else await DelayAsync(_habits.Poll);
        }

        try
        {
            await _connection.LeaveAsync(_entry.Id);
        }
        catch (NpgsqlException)
        {
            // Silence says the same.
        }
    }

    /// <summary>As <see cref="Jobs.Transport.DeliveryHints"/>: while it cannot listen, it looks once a second.</summary>
    private async Task ListenAsync()
    {
        while (true)
        {
            try
            {
                await _connection.ListenAsync([JobQueues.Of(_entry.Id), .. _entry.Kinds], () => _hinted.TrySetResult());
            }
            catch (NpgsqlException)
            {
                await DelayAsync(TimeSpan.FromSeconds(1));
                _hinted.TrySetResult();
            }
        }
    }

    private async Task BeatAsync()
    {
        var interval = _lease / 4;
        for (var failures = 0; ;)
        {
            var sentAt = Clock.GetTimestamp();
            try
            {
                var asked = _watch.Asked();
                await DelayAsync(_world.Between(0.0003, 0.01));
                var heartbeat = _connection.Beat(_entry.Id, asked?.Token, _lease, null, leaving: _draining);
                await DelayAsync(_world.Between(0.0003, 0.01));
                _connection.ThrowIfOutOfReach();
                if (!heartbeat.Known) await _connection.RegisterAsync(_entry);
                if (heartbeat.Drain) Drain();
                _watch.Apply(asked, heartbeat, sentAt);
                failures = 0;
            }
            catch (NpgsqlException)
            {
                failures++;
            }

            _watch.LoseExpired();
            await DelayAsync(failures == 0 ? interval : TimeSpan.FromSeconds(Math.Min(failures, 3)));
        }
    }

    private async Task RunAsync(long jobId)
    {
        var claimedAt = Clock.GetTimestamp();
        var ticket = await _connection.ClaimAsync(jobId, _entry.Id, _lease, CancellationToken.None);
        if (ticket is null) return;
        using var held = new HeldAttempt(ticket.Token, Clock, () => { });
        _held = held;
        _watch.Hold(held, claimedAt);
        var result = await ExecuteAsync(ticket, held);
        var accepted = false;
        await PersistAsync(async () => accepted = await Settlement.TellAsync(_connection, ticket, result, CancellationToken.None));
        if (accepted && result is AttemptResult.Completed)
        {
            _store.Checkpoints.Remove(ticket.CheckpointDirectory);
        }
        else
        {
            _store.Files.Remove(SimulatedStore.PathOf(ticket));
        }

        _watch.Release();
        _held = null;
    }

    private async Task<AttemptResult> ExecuteAsync(JobTicket ticket, HeldAttempt held)
    {
        try
        {
            var (damaged, inputs) = Read(ticket);
            if (damaged is not null) return damaged;
            var work = Work.Of(ticket);
            for (var step = _store.Checkpoints.GetValueOrDefault(ticket.CheckpointDirectory); step < Work.Steps; step++)
            {
                if (AttemptResult.Of(held.Reason, null) is { } stopped) return stopped;
                if (_draining || held.HandBack.IsCancellationRequested)
                {
                    _store.Checkpoints[ticket.CheckpointDirectory] = step;
                    return new AttemptResult.Drained();
                }

                await DelayAsync(work.Duration / Work.Steps);
                if (IsDiskFull) throw new IOException("no space left on device", 28);
                if (work.Fails)
                {
                    _auditor.UserFaults.Add(ticket.Token);
                    throw new InputException("the experiment's own fault");
                }
            }

            return await FinishAsync(ticket, held, inputs);
        }
        catch (Exception e)
        {
            var (failure, message) = FailureClassifier.Classify(e);
            return new AttemptResult.Failed(failure, message);
        }
    }

    /// <summary>As <see cref="InputCheck"/>, over the simulated store.</summary>
    private (AttemptResult.Damaged? Damaged, IReadOnlyList<string> Texts) Read(JobTicket ticket)
    {
        IReadOnlyList<string> texts = [.. ticket.Inputs.Select(input => _store.Files.TryGetValue(input.Path, out var file)
            ? file.Text
            : "lost")];
        if (_mutation == Mutation.DamageRead) return (null, texts);
        List<DamagedInput> found = [.. ticket.Inputs.Zip(texts).Where(one => one.First.Sha256 != one.Second)
            .Select(one => new DamagedInput(one.First.Token, $"{one.First.Path} is damaged"))];
        return (found.Count > 0 || ticket.Unpublished.Count > 0
            ? new AttemptResult.Damaged(found, found.Count > 0 ? found[0].Message : "not published any more") : null, texts);
    }

    private async Task<AttemptResult> FinishAsync(JobTicket ticket, HeldAttempt held, IReadOnlyList<string> inputs)
    {
        var text = SimulatedStore.TextOf(ticket.Fingerprint.Text, inputs);
        var path = SimulatedStore.PathOf(ticket);
        _store.Files[path] = new SimulatedFile(text, Complete: false, _entry.Id);
        if (_mutation != Mutation.PublishesUnfinished)
        {
            await DelayAsync(_world.Between(0.01, 0.5));
            _store.Files[path] = new SimulatedFile(text, Complete: true, _entry.Id);
        }

        return AttemptResult.Of(held.Reason, null) ?? new AttemptResult.Completed([_store.Record(ticket)]);
    }

    /// <summary>Tries until the ledger answers, as the real retries do.</summary>
    private async Task PersistAsync(Func<Task> tell)
    {
        for (var wait = 0.2; ; wait = Math.Min(2 * wait, 5))
        {
            try
            {
                await tell();
                return;
            }
            catch (NpgsqlException)
            {
                await DelayAsync(TimeSpan.FromSeconds(wait));
            }
        }
    }

    private Task DelayAsync(TimeSpan time) => Task.Delay(time, Clock);
}

/// <summary>How a simulated worker looks for work.</summary>
/// <param name="Poll">Between two looks that nothing calls for.</param>
/// <param name="Listens">For hints.</param>
/// <param name="Slow">How probable it is that up to 20 s go by between a fetch and the claim.</param>
internal sealed record WorkerHabits(TimeSpan Poll, bool Listens, double Slow)
{
    /// <summary>No hint ever arrives, and machines are busy.</summary>
    public static WorkerHabits Rough { get; } = new(TimeSpan.FromSeconds(1.5), Listens: false, 0.02);

    /// <summary>As workers are set.</summary>
    public static WorkerHabits Usual { get; } = new(TimeSpan.FromSeconds(30), Listens: true, 0);
}
