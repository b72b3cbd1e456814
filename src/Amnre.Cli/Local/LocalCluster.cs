using System.Diagnostics;
using Amnre.Engine;
using Microsoft.Extensions.Logging;

namespace Amnre.Cli.Local;

/// <summary>Keeps child processes of this machine running: one that dies is started again, with growing pauses while it keeps dying.
/// Each child holds a pipe to us as its standard input and leaves when that closes, so that none outlives a killed parent; and it leads a
/// session of its own, so that a Ctrl-C in the terminal reaches us alone and children are asked to leave cleanly.</summary>
public sealed class LocalCluster(TimeProvider clock, ILogger<LocalCluster> log) : IAsyncDisposable
{
    /// <summary>Starts what follows as the leader of a new session, in the same process.</summary>
    private const string Leader = "/usr/bin/setsid";

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>A child that lived this long was healthy: its next pause is the shortest again.</summary>
    private static readonly TimeSpan Healthy = TimeSpan.FromSeconds(60);

    /// <summary>How long to read on after a child's end.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _leaving = new();
    private readonly List<Task> _children = [];
    private TimeSpan _grace = TimeSpan.FromSeconds(30);

    /// <param name="make">The program for start 0, 1, 2, …, so that each start can have a name of its own.</param>
    /// <param name="ended">Called after each end, before the next start.</param>
    /// <param name="again">Whether to start it again after this exit code; null means always.</param>
    /// <returns>Completes when the child has ended for good.</returns>
    public Task Keep(Func<int, ChildSpec> make, Func<ChildSpec, Task>? ended = null, Func<int, bool>? again = null)
    {
        var child = KeepAsync(make, ended, again);
        _children.Add(child);
        return child;
    }

    /// <summary>Asks all children to leave, waits <paramref name="grace"/>, then kills those that remain.</summary>
    public async Task LeaveAsync(TimeSpan grace)
    {
        _grace = grace;
        await _leaving.CancelAsync();
        await Task.WhenAll(_children);
    }

    public async ValueTask DisposeAsync()
    {
        await LeaveAsync(TimeSpan.Zero);
        _leaving.Dispose();
    }

    private async Task KeepAsync(Func<int, ChildSpec> make, Func<ChildSpec, Task>? ended, Func<int, bool>? again)
    {
        var pause = ShortestPause;
        for (var start = 0; !_leaving.IsCancellationRequested; start++)
        {
            var started = clock.GetTimestamp();
            try
            {
                var spec = make(start);
                var code = await RunOnceAsync(spec);
                if (ended is not null) await ended(spec);
                if (_leaving.IsCancellationRequested || again?.Invoke(code) == false) return;
                log.LogWarning("{Child} ended with code {Code}; starting it again", spec.Name, code);
            }
            catch (Exception failure) // Whatever it was: a child that cannot start now may start later.
            {
                log.LogError(failure, "A child process could not be started, or its end could not be reported");
            }

            pause = clock.GetElapsedTime(started) > Healthy ? ShortestPause : pause * 2 < LongestPause ? pause * 2 : LongestPause;
            await Task.Delay(pause, clock, _leaving.Token)
                .ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private async Task<int> RunOnceAsync(ChildSpec spec)
    {
        var info = new ProcessStartInfo(Leader, [spec.Program, .. spec.Arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in spec.Environment) info.Environment[name] = value;
        using var output = new ChildOutput(spec.OutputFile, log);
        using var process = new Process { StartInfo = info };
        process.OutputDataReceived += (_, line) => output.Write(line.Data);
        process.ErrorDataReceived += (_, line) => output.Write(line.Data);
        // Not WaitForExitAsync alone: that also waits for every grandchild that inherited the pipes.
        var exited = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => exited.TrySetResult();
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await exited.Task.WaitAsync(_leaving.Token);
        }
        catch (OperationCanceledException)
        {
            process.StandardInput.Close();
            if (!await EndsWithinAsync(exited.Task, _grace))
            {
                process.Kill(entireProcessTree: true);
                await exited.Task;
            }
        }

        await EndsWithinAsync(process.WaitForExitAsync(CancellationToken.None), LastWords);
        return process.ExitCode;
    }

    private async Task<bool> EndsWithinAsync(Task task, TimeSpan time)
    {
        var limit = Task.Delay(time, clock, CancellationToken.None);
        return await Task.WhenAny(task, limit) == task;
    }

    /// <summary>What a child prints, appended to a file. A full disk costs the words, neither the child nor us.</summary>
    private sealed class ChildOutput(string path, ILogger log) : IDisposable
    {
        private readonly Lock _gate = new();
        private StreamWriter? _file = Open(path, log);

        private static StreamWriter? Open(string path, ILogger log)
        {
            try
            {
                // A pipe in the store would be waited for; the system's own devices take what is written.
                if (!path.StartsWith("/dev/", StringComparison.Ordinal)) PlainFile.Check(path);
                return new StreamWriter(path, append: true) { AutoFlush = true };
            }
            catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
            {
                log.LogWarning("What a child prints is not kept in {File}: {Message}", path, refused.Message);
                return null;
            }
        }

        /// <param name="line">Null at the end.</param>
        public void Write(string? line)
        {
            lock (_gate)
            {
                try
                {
                    if (line is not null) _file?.WriteLine(line);
                }
                catch (IOException full)
                {
                    log.LogWarning("What a child prints is no longer kept in {File}: {Message}", path, full.Message);
                    _file = null; // Not disposed: that would write again.
                }
            }
        }

        public void Dispose()
        {
            lock (_gate)
            {
                _file?.Dispose();
                _file = null;
            }
        }
    }
}
