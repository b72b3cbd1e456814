namespace Amnre.Engine.Programs;

/// <summary>A program that stays and answers frames on its standard input and output.</summary>
internal sealed class FrameProgram(ProgramManifest manifest, ProgramGuard guard, TimeProvider clock) : IRowProgram
{
    /// <summary>Time for a program to leave after the end of its input.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private ProgramProcess? _process;

    public async Task DrawAsync(RowBatch batch, Memory<float> x, CancellationToken stop)
    {
        // One that ended after a whole answer did its work: the next batch gets a new one.
        if (_process is { HasExited: true }) await ForgetAsync();
        var limit = manifest.Timeout + (_process is null ? manifest.StartupTimeout : TimeSpan.Zero);
        var process = _process ??= ProgramProcess.Start(manifest, manifest.Command.Skip(1), guard, clock, outputIsWords: false);
        try
        {
            await ExchangeAsync(process, batch, x, stop).WaitAsync(limit, clock, stop);
        }
        catch (TimeoutException late)
        {
            var words = await process.LastWordsAsync(isLeaving: false);
            await ForgetAsync();
            throw new ProgramFault($"no answer within {limit.TotalSeconds} s{words}", late);
        }
        catch (ProgramFault fault)
        {
            var words = await process.LastWordsAsync(fault.IsLeaving);
            await ForgetAsync();
            throw new ProgramFault(fault.Message + words, fault);
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
    private static async Task ExchangeAsync(ProgramProcess process, RowBatch batch, Memory<float> x, CancellationToken stop)
    {
        var reading = FrameProtocol.ReadReplyAsync(process.Output, batch, x, stop);
        var writing = WriteAsync(process.Input, FrameProtocol.Request(batch), stop);
        // A fault of the reply says more than the broken pipe that comes with it.
        await reading;
        await writing;
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
            throw new ProgramFault($"it closed its input before it had read the batch ({broken.Message})", broken) { IsLeaving = true };
        }
    }

    private async Task ForgetAsync()
    {
        var process = _process;
        _process = null;
        if (process is not null) await process.DisposeAsync();
    }
}
