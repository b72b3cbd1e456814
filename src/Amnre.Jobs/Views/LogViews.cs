using System.Text;
using Amnre.Engine;
using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Ledger;
using Npgsql;

namespace Amnre.Jobs.Views;

/// <summary>A line of an attempt's log.</summary>
public sealed record LogLine(int Attempt, long Token, string Text);

/// <summary>Lines of a job's logs, and how to continue after them.</summary>
/// <param name="Ended">The job has ended and this is the last of it.</param>
/// <param name="Positions">Bytes read of each attempt's log, by its token.</param>
public sealed record LogPage(bool Ended, IReadOnlyList<LogLine> Lines, IReadOnlyDictionary<long, long> Positions);

/// <summary>Reads the logs of a job's attempts, one after the other.</summary>
public sealed class LogViews(NpgsqlDataSource database, ArtifactStore store)
{
    private const int MaxBytes = 1 << 20;

    /// <param name="jobId">Whose.</param>
    /// <param name="only">One attempt's number; null reads all.</param>
    /// <param name="positions">Those of the page before; empty starts over.</param>
    /// <param name="tail">Where a log has not been read yet, begin at most this many lines before its end.</param>
    /// <param name="cancel">Cancels.</param>
    /// <returns>At most a mebibyte of each log; null when there is no such job.</returns>
    public async Task<LogPage?> ReadAsync(long jobId, int? only, IReadOnlyDictionary<long, long> positions, int? tail,
        CancellationToken cancel)
    {
        // Asked before the files are read: what ended before is whole in them.
        var views = new JobViews(database);
        if (await views.JobAsync(jobId, cancel) is not { } job) return null;
        var attempts = (await views.AttemptsAsync(jobId, cancel)).Reverse().Select(attempt => (attempt.Number, attempt.Token)).ToList();
        // A reused job has no attempts of its own; that which made its result speaks for it.
        if (attempts.Count == 0 && job.State == JobState.Reused && await MakerAsync(job.Fingerprint, cancel) is { } maker)
            attempts.Add((1, maker));
        var (lines, reached, whole) = (new List<LogLine>(), new Dictionary<long, long>(), true);
        foreach (var (number, token) in attempts.Where(attempt => only is null || attempt.Number == only))
        {
            var file = AttemptLogs.File(store, token);
            var length = File.Exists(file) ? new FileInfo(file).Length : 0;
            var fresh = !positions.TryGetValue(token, out var from);
            if (fresh && tail is not null) from = Math.Max(length - MaxBytes, 0);
            var (added, end) = Added(file, Math.Clamp(from, 0, length), job.State.IsFinal);
            reached[token] = end;
            whole &= end >= length;
            lines.AddRange((fresh && tail is { } most ? added.TakeLast(most) : added).Select(text => new LogLine(number, token, text)));
        }

        var first = positions.Count == 0 && tail is { } last ? lines.TakeLast(last).ToList() : lines;
        return new LogPage(job.State.IsFinal && whole, first, reached);
    }

    /// <summary>The lines from a position on; one that is still being written waits for its end.</summary>
    private static (IReadOnlyList<string> Lines, long End) Added(string path, long from, bool ended)
    {
        if (!File.Exists(path)) return ([], from);
        using var file = PlainFile.Open(path);
        file.Position = from;
        var bytes = new byte[Math.Clamp(file.Length - from, 0, MaxBytes)];
        var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        var end = bytes.AsSpan(0, length).LastIndexOf((byte)'\n') + 1;
        // The last line of what is over needs no end, and a line longer than a page is cut.
        if ((ended && from + length >= file.Length) || (end == 0 && length == MaxBytes)) end = length;
        return (Encoding.UTF8.GetString(bytes, 0, end).Split('\n', StringSplitOptions.RemoveEmptyEntries), from + end);
    }

    private async Task<long?> MakerAsync(string fingerprint, CancellationToken cancel)
    {
        return await database.ExecuteScalarAsync<long?>(
            "select token from amnre.publications where fingerprint = @fingerprint", new { fingerprint }, cancel);
    }
}
