using Amnre.Scheduler;
using Amnre.Scheduler.Access;
using Amnre.Scheduler.Hosting;

namespace Amnre.Browser.Tests.Studies;

/// <summary>A real scheduler of this process, on a free port of the loopback.</summary>
internal sealed class RunningScheduler : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly Task _run;

    private RunningScheduler(string address, string link, CancellationTokenSource stop, Task run) =>
        (Address, Link, _stop, _run) = (address, link, stop, run);

    /// <summary>Such as <c>http://127.0.0.1:41234</c>.</summary>
    public string Address { get; }

    /// <summary>Signs a browser in, once.</summary>
    public string Link { get; }

    public static async Task<RunningScheduler> StartAsync(string connection, string store, string token)
    {
        var listening = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var link = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var stop = new CancellationTokenSource();
        var run = SchedulerHost.RunAsync(new SchedulerOptions
        {
            ConnectionString = connection,
            StoreRoot = store,
            Tokens = AccessTokens.Of(token, null, TimeProvider.System),
            HeartbeatTimeout = TimeSpan.FromHours(1),
            DeliveryTimeout = TimeSpan.FromHours(1),
            OnListening = listening.SetResult,
            OnSignInLink = link.SetResult,
        }, stop.Token);
        await await Task.WhenAny(link.Task, run);
        return new RunningScheduler((await listening.Task).TrimEnd('/'), await link.Task, stop, run);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        _stop.Dispose();
    }
}
