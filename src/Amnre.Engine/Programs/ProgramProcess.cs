using System.ComponentModel;
using System.Diagnostics;
using Amnre.Engine.Processes;

namespace Amnre.Engine.Programs;

/// <summary>A started program: its streams, its last words, its end.</summary>
internal sealed class ProgramProcess : IAsyncDisposable
{
    /// <summary>Passed on to every program; everything else that we know, such as a database's password, stays here.</summary>
    private static readonly string[] PassedOn = ["PATH", "HOME", "LANG", "TMPDIR"];

    private static readonly TimeSpan LastWordsWait = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly ProgramGuard _guard;
    private readonly TimeProvider _clock;
    private readonly TextTail _words = new();
    private readonly Task _reading;
    private readonly Task _exit;
    private readonly int _group;
    private readonly ProgramMark _mark;

    private ProgramProcess(Process process, ProgramMark mark, ProgramGuard guard, TimeProvider clock, bool outputIsWords)
    {
        (_process, _mark, _guard, _clock, _group) = (process, mark, guard, clock, process.Id);
        guard.Add(_group);
        _exit = WatchAsync();
        var errors = _words.FollowAsync(process.StandardError.BaseStream);
        _reading = outputIsWords ? Task.WhenAll(errors, _words.FollowAsync(process.StandardOutput.BaseStream)) : errors;
    }

    public Stream Input => _process.StandardInput.BaseStream;

    public Stream Output => _process.StandardOutput.BaseStream;

    public bool HasExited => _exit.IsCompleted;

    /// <param name="manifest">How to start it.</param>
    /// <param name="arguments">Follow the program's name.</param>
    /// <param name="guard">Watches over it.</param>
    /// <param name="clock">For waiting.</param>
    /// <param name="outputIsWords">Whether standard output is text for people, to be kept like standard error.</param>
    /// <exception cref="InputException">A file has changed since the manifest was read, or this system cannot start programs.</exception>
    public static ProgramProcess Start(
        ProgramManifest manifest, IEnumerable<string> arguments, ProgramGuard guard, TimeProvider clock, bool outputIsWords)
    {
        if (manifest.Files.FirstOrDefault(file => !file.Holds) is { } changed)
            throw new InputException($"simulator {manifest.Name}: '{changed.Path}' has changed while rows were drawn with it, so that " +
                "rows of two kinds would be mixed: run again");
        var info = new ProcessStartInfo(ProcessGroup.Leader, [manifest.Command[0], .. arguments])
        {
            WorkingDirectory = manifest.WorkingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment.Clear();
        foreach (var entry in PassedOn.Concat(manifest.Environment))
        {
            var mark = entry.IndexOf('=', StringComparison.Ordinal);
            var name = mark < 0 ? entry : entry[..mark];
            var value = mark < 0 ? System.Environment.GetEnvironmentVariable(name) : entry[(mark + 1)..];
            if (value is not null) info.Environment[name] = value;
        }

        var bears = guard.NextMark();
        info.Environment[ProgramMark.Variable] = bears.Value;
        try
        {
            return new ProgramProcess(Process.Start(info)!, bears, guard, clock, outputIsWords);
        }
        catch (Win32Exception failure)
        {
            throw new InputException($"simulator {manifest.Name}: {ProcessGroup.Leader} could not be started in " +
                $"'{manifest.WorkingDirectory}' ({failure.Message}): install util-linux, and check that the folder is there", failure);
        }
    }

    /// <summary>Waits for its end.</summary>
    /// <exception cref="TimeoutException">It has not ended by then.</exception>
    public Task WaitAsync(TimeSpan limit, CancellationToken stop) => _exit.WaitAsync(limit, _clock, stop);

    /// <summary>Exit code, or 128 + signal.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>How it ended, if it has, and the last that it printed.</summary>
    /// <param name="isLeaving">Whether to wait a little for both.</param>
    public async Task<string> LastWordsAsync(bool isLeaving)
    {
        if (isLeaving) await Task.WhenAny(Task.WhenAll(_exit, _reading), Task.Delay(LastWordsWait, _clock, CancellationToken.None));
        var end = !HasExited ? "" : ExitCode > 128 ? $"; it was ended by signal {ExitCode - 128}" : $"; it ended with code {ExitCode}";
        var words = _words.ToString();
        return words.Length == 0
            ? $"{end}; it printed nothing to standard error"
            : $"{end}; the last it printed:{System.Environment.NewLine}{words}";
    }

    /// <summary>Whatever still runs is killed.</summary>
    public async ValueTask DisposeAsync()
    {
        Kill();
        try
        {
            await _exit.WaitAsync(LastWordsWait, _clock);
        }
        catch (TimeoutException)
        {
            // Stuck in the kernel: it stays on the guard's list.
        }

        // The process object leaves open what it was asked for.
        foreach (var stream in (Stream[])[Input, Output, _process.StandardError.BaseStream]) await DropAsync(stream);
        _process.Dispose();
    }

    private static async Task DropAsync(Stream stream)
    {
        try
        {
            await stream.DisposeAsync();
        }
        catch (IOException)
        {
            // A pipe whose other end is gone.
        }
    }

    private void Kill()
    {
        // Once it has ended, its number may be another's.
        if (HasExited) return;
        ProcessGroup.Kill(_group);
        // The group is there only once the leader has made it.
        _process.Kill();
    }

    /// <summary>Waits for the leader's end, and then at once, before its number can be reused, ends what it left behind.</summary>
    private async Task WatchAsync()
    {
        await _process.WaitForExitAsync(CancellationToken.None);
        ProcessGroup.Kill(_group);
        _mark.Kill();
        _guard.Remove(_group);
    }
}
