using Serilog.Core;
using Serilog.Events;

namespace Amnre.Cli.Logs;

/// <summary>Keeps what is logged in memory until the store is known to be the ledger's, and writes nothing before: a process that is
/// refused leaves no folder in a store that is not its own.</summary>
/// <param name="isThere">Whether the store is there at this moment: files are opened late and again, and one that vanished would be begun
/// again in its place.</param>
/// <param name="open">Makes the files; called once.</param>
internal sealed class HeldSink(Func<bool> isThere, Func<Logger> open) : ILogEventSink, IDisposable
{
    /// <summary>Of a long wait for the database the first lines say as much as all of them.</summary>
    private const int Max = 1000;

    private readonly Lock _gate = new();
    private readonly List<LogEvent> _held = [];
    private Logger? _files;
    private bool _admitted, _ended;

    public void Emit(LogEvent logEvent)
    {
        lock (_gate)
        {
            if (_admitted && isThere()) Write(logEvent);
            else if (!_ended && _held.Count < Max) _held.Add(logEvent);
        }
    }

    /// <summary>From now on all is written, with what was held so far, wherever the store is there.</summary>
    public void Admit()
    {
        lock (_gate)
        {
            if (_admitted || _ended) return;
            _admitted = true;
            if (isThere()) Write(null);
        }
    }

    private void Write(LogEvent? logEvent)
    {
        _files ??= open();
        foreach (var one in _held) _files.Write(one);
        _held.Clear();
        if (logEvent is not null) _files.Write(logEvent);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            (_admitted, _ended) = (false, true);
            _files?.Dispose();
            _files = null;
        }
    }
}
