using Amnre.Jobs.Artifacts;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;

namespace Amnre.Cli.Logs;

/// <summary>A JSON file for each attempt beside its log: <c>logs/attempts/0/17.json</c>, rolled by size to <c>17_001.json</c>.
/// A worker process has one attempt at a time, so one file is open at a time.</summary>
internal sealed class AttemptFiles(string store, ITextFormatter formatter) : ILogEventSink, IDisposable
{
    /// <summary>What the worker's scope calls the attempt's token.</summary>
    private const string Token = "Token";

    private const string Scope = "ExperimentName";
    private const long LargestFile = 4 << 20;
    private const int MaxFiles = 3;

    private readonly Lock _gate = new();
    private long? _open;
    private Logger? _file;

    public void Emit(LogEvent logEvent)
    {
        // Only what is said in an attempt's own scope: others speak of attempts too.
        if (!logEvent.Properties.ContainsKey(Scope) || !logEvent.Properties.TryGetValue(Token, out var value)
            || value is not ScalarValue { Value: long token }) return;
        lock (_gate)
        {
            if (_open != token)
            {
                _file?.Dispose();
                // A store that is not mounted now would get folders of its own there.
                (_open, _file) = (token, StoreIdentity.IsIn(store) ? Open(token) : null);
            }

            _file?.Write(logEvent);
        }
    }

    public void Dispose()
    {
        lock (_gate) _file?.Dispose();
    }

    private Logger Open(long token) => new LoggerConfiguration()
        .MinimumLevel.Verbose()
        .WriteTo.File(
            formatter,
            Path.ChangeExtension(AttemptLogs.File(new ArtifactStore(store), token), "json"),
            fileSizeLimitBytes: LargestFile,
            rollOnFileSizeLimit: true,
            retainedFileCountLimit: MaxFiles)
        .CreateLogger();
}
