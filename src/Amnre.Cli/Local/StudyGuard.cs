using Amnre.Jobs.Postgres;

namespace Amnre.Cli.Local;

/// <summary>What a run keeps an eye on beside its jobs: its own database, which is restarted when it is killed, and the room on
/// the store's disk. What cannot be repaired ends the run.</summary>
internal sealed class StudyGuard : IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _ending;
    private readonly Task _watching;

    /// <param name="server">The run's own; null where it has none.</param>
    /// <param name="store">Its folder.</param>
    /// <param name="clock">Measures how long a disk is full.</param>
    /// <param name="stop">Ends the run.</param>
    public StudyGuard(PrivatePostgres? server, string store, TimeProvider clock, CancellationToken stop)
    {
        _ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _watching = Task.WhenAll(WatchAsync(() => server is null ? Task.CompletedTask : KeepServerAsync(server, store, clock)),
            WatchAsync(() => KeepRoomAsync(store, clock)));
    }

    /// <summary>Ends when the run is to end.</summary>
    public CancellationToken Stop => _ending.Token;

    /// <summary>Why the run cannot continue.</summary>
    public Exception? Trouble { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _watching;
        _ending.Dispose();
    }

    /// <summary>A server that cannot be started for want of room is tried again: whether room comes, the other watch finds.</summary>
    private async Task KeepServerAsync(PrivatePostgres server, string store, TimeProvider clock)
    {
        while (true)
        {
            try
            {
                await server.KeepAsync(_ending.Token);
                return;
            }
            catch (IOException) when (DiskRoom.Free(store) < DiskRoom.ToBegin)
            {
                await Task.Delay(LookEvery, clock, _ending.Token);
            }
        }
    }

    private async Task KeepRoomAsync(string store, TimeProvider clock)
    {
        while (true)
        {
            await DiskRoom.WaitAsync(store, DiskRoom.ToBegin, Console.Error.WriteLine, clock, _ending.Token);
            await Task.Delay(LookEvery, clock, _ending.Token);
        }
    }

    private async Task WatchAsync(Func<Task> watch)
    {
        try
        {
            await watch();
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
        }
        catch (Exception trouble)
        {
            Trouble ??= trouble;
            await _ending.CancelAsync();
        }
    }
}
