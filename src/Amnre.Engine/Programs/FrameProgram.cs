using Amnre.Engine.Processes;

namespace Amnre.Engine.Programs;

/// <summary>A program that stays and answers frames on its standard input and output.</summary>
internal sealed class FrameProgram(ProgramManifest manifest, ProgramGuard guard, TimeProvider clock) : IRowProgram
{
    /// <summary>Time for a program to leave after the end of its input.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>How long the first reply of a program is listened after: what it writes at once beyond a reply takes no longer to
    /// come.</summary>
    private static readonly TimeSpan FirstListening = TimeSpan.FromMilliseconds(100);

    private ProgramProcess? _process;
    private bool _hasAnswered;

    public async Task DrawAsync(RowBatch batch, Memory<float> x, CancellationToken stop)
    {
        // One that ended after a whole answer did its work: the next batch gets a new one.
        if (_process is { HasExited: true }) await ForgetAsync();
        var limit = manifest.Timeout + (_process is null ? manifest.StartupTimeout : TimeSpan.Zero);
        var process = _process ??= ProgramProcess.Start(manifest, manifest.Command.Skip(1), guard, clock, outputIsWords: false);
        var received = new ReceivedBytes();
        try
        {
            await ExchangeAsync(process, batch, x, received, stop).WaitAsync(limit, clock, stop);
            await RefuseSurplusAsync(process.Output, batch, x.Length, stop);
        }
        catch (TimeoutException late)
        {
            var words = await process.LastWordsAsync(isLeaving: false);
            await ForgetAsync();
            var shortage = FrameProtocol.Shortage(batch, x.Length, received.Count);
            throw new ProgramException($"no {(shortage is null ? "" : "whole ")}answer within {limit.TotalSeconds} " +
                $"s{(shortage is null ? "" : $": {shortage}")}{words}", late)
            { IsFinal = shortage is not null };
        }
        catch (ProgramException error)
        {
            var words = await process.LastWordsAsync(error.IsLeaving);
            // One that ends in good order after a part of its answer meant no more; one that crashed may do better.
            var shortage = error.IsLeaving && process is { HasExited: true, ExitCode: 0 }
                ? FrameProtocol.Shortage(batch, x.Length, received.Count) : null;
            await ForgetAsync();
            throw new ProgramException($"{error.Message}{(shortage is null ? "" : $": {shortage}")}{words}", error)
            {
                IsFinal = error.IsFinal || shortage is not null,
            };
        }
        catch
        {
            await ForgetAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is null) return;
        try
        {
            await _process.Input.DisposeAsync();
            await _process.WaitAsync(Grace, CancellationToken.None);
        }
        catch (Exception ignored) when (ignored is TimeoutException or IOException)
        {
            // Killed below; its rows are here.
        }

        await ForgetAsync();
    }

    /// <summary>Writes and reads at once: a program may answer its first rows before it has read the last.</summary>
    private static async Task ExchangeAsync(ProgramProcess process, RowBatch batch, Memory<float> x, ReceivedBytes received,
        CancellationToken stop)
    {
        var reading = FrameProtocol.ReadReplyAsync(process.Output, batch, x, received, stop);
        var writing = WriteAsync(process.Input, FrameProtocol.Request(batch), stop);
        // An error in the reply says more than the broken pipe that comes with it.
        await reading;
        await writing;
    }

    /// <summary>Refuses an answer that continues: what was read of it may be halves of larger numbers. A program that writes too much does
    /// so at once, and in each reply; so the first one is listened after, and later ones are looked at.</summary>
    private async Task RefuseSurplusAsync(Stream output, RowBatch batch, int values, CancellationToken stop)
    {
        var wait = _hasAnswered ? TimeSpan.Zero : FirstListening;
        _hasAnswered = true;
        if (!PipePolling.HasBytes(output, wait)) return;
        var (buffer, more, most) = (new byte[1 << 16], 0L, 2L * values * sizeof(float));
        while (more <= most && PipePolling.HasBytes(output, FirstListening) && await output.ReadAsync(buffer, stop) is > 0 and var count)
            more += count;
        throw FrameProtocol.Surplus(batch, values, more);
    }

    private static async Task WriteAsync(Stream input, byte[] request, CancellationToken stop)
    {
        await Task.Yield();
        try
        {
            await input.WriteAsync(request, stop);
            await input.FlushAsync(stop);
        }
        catch (IOException broken)
        {
            throw new ProgramException($"it closed its input before it had read the batch ({broken.Message})", broken) { IsLeaving = true };
        }
    }

    private async Task ForgetAsync()
    {
        var process = _process;
        _process = null;
        _hasAnswered = false;
        if (process is not null) await process.DisposeAsync();
    }
}
