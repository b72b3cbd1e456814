using System.Globalization;
using System.Text;
using Amnre.Engine;
using Amnre.Engine.Settings;
using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Attempts;
using Amnre.Jobs.Logs;
using Microsoft.Extensions.Logging;

namespace Amnre.Worker.Execution;

/// <summary>What one attempt has to tell people: a line for its beginning, for its progress now and then, and for its end.
/// A log that cannot be written costs the log, never the attempt.</summary>
internal sealed class AttemptLog : IDisposable
{
    /// <summary>Progress speaks up this often.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(5);

    /// <summary>A run that reports without end must not fill the disk.</summary>
    private const long LargestFile = 16 << 20;

    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private StreamWriter? _file;
    private (long Timestamp, double Done)? _spoken;

    public AttemptLog(ArtifactStore store, JobTicket ticket, string worker, TimeProvider clock, ILogger logger)
    {
        (_clock, _logger) = (clock, logger);
        try
        {
            // A store that is not mounted now would get folders of its own there.
            if (ticket.StoreId is { } id && StorePresence.ErrorOf(store, id) is { } gone) throw new IOException(gone);
            var path = AttemptLogs.File(store, ticket.Token);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            PlainFile.Check(path);
            _file = new StreamWriter(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite), new UTF8Encoding(false))
            {
                AutoFlush = true,
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            logger.LogWarning("No log of {JobName}: {Message}", ticket.Name, e.Message);
        }

        Write($"{ticket.Experiment}/{ticket.Name}: attempt {ticket.Attempt}, token {ticket.Token}, on {worker} " +
            $"({Environment.MachineName}, process {Environment.ProcessId})");
        if (ticket.Traceparent?.Split('-') is [_, var trace, ..]) Write($"trace {trace}");
        Write($"settings {SettingName.InDocument(ticket.Settings)}");
        foreach (var input in ticket.Inputs) Write($"reads {input.Role} {input.Path}");
    }

    public void Report(RunProgress progress)
    {
        var now = _clock.GetTimestamp();
        lock (_gate)
        {
            if (_spoken is { } last && _clock.GetElapsedTime(last.Timestamp, now) < Pace && progress.Done < progress.Total) return;
            var rate = _spoken is { } before && _clock.GetElapsedTime(before.Timestamp, now).TotalSeconds is var seconds and > 0
                ? string.Create(CultureInfo.InvariantCulture, $", {(progress.Done - before.Done) / seconds:0.##} {progress.Unit}/s") : "";
            _spoken = (now, progress.Done);
            var metrics = string.Concat(progress.Metrics.OrderBy(one => one.Key, StringComparer.Ordinal)
                .Select(one => string.Create(CultureInfo.InvariantCulture, $"  {one.Key} {one.Value:G6}")));
            Write(string.Create(CultureInfo.InvariantCulture,
                $"{progress.Done:0.##} of {progress.Total:0.##} {progress.Unit}{rate}{metrics}"));
        }
    }

    public void Failure(Exception failure) => Write(failure.ToString());

    public void Write(string text)
    {
        lock (_gate)
        {
            if (_file is null) return;
            try
            {
                var at = _clock.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
                foreach (var line in Redaction.Of(text).Split('\n')) _file.WriteLine($"{at} {line.TrimEnd('\r')}");
                if (_file.BaseStream.Length > LargestFile) Close("the log is full; nothing more is written");
            }
            catch (IOException e)
            {
                _logger.LogWarning("The attempt's log ends here: {Message}", e.Message);
                _file = null; // Not disposed: that would write again.
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            try
            {
                _file?.Dispose();
            }
            catch (IOException e)
            {
                _logger.LogWarning("The attempt's log could not be closed: {Message}", e.Message);
            }

            _file = null;
        }
    }

    private void Close(string lastWords)
    {
        var file = _file;
        _file = null;
        file?.WriteLine(lastWords);
        file?.Dispose();
    }
}
