using System.Text;
using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Views;
using Npgsql;

namespace Amnre.Cli.Terminal;

/// <summary>A line of an attempt's log.</summary>
internal sealed record LogLine(int Attempt, long Token, string Text);

/// <summary>Reads the logs of a job's attempts, one after the other, and what is added to them.</summary>
/// <param name="only">One attempt's number; null reads all.</param>
internal sealed class JobLog(NpgsqlDataSource database, ArtifactStore store, long job, int? only, TimeProvider clock)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(300);

    private readonly Dictionary<long, long> _read = [];

    /// <param name="tail">Begin with the last so many lines; null begins at the beginning.</param>
    /// <param name="follow">Wait for more until the job has ended.</param>
    /// <param name="write">Takes each line.</param>
    /// <param name="stop">Ends the reading.</param>
    /// <returns>Whether there was any line.</returns>
    public async Task<bool> ReadAsync(int? tail, bool follow, Action<LogLine> write, CancellationToken stop)
    {
        var any = false;
        for (var first = true; ; first = false)
        {
            // Asked before the files are read: what ended before is whole in them.
            var (ended, attempts) = await LookAsync(stop);
            var lines = attempts.SelectMany(attempt => Added(attempt.Number, attempt.Token, whole: ended)).ToList();
            any |= lines.Count > 0;
            foreach (var line in first && tail is { } most ? lines.TakeLast(most) : lines) write(line);
            if (!follow || ended) return any;
            await Task.Delay(LookEvery, clock, stop);
        }
    }

    private async Task<(bool Ended, IReadOnlyList<(int Number, long Token)> Attempts)> LookAsync(CancellationToken stop)
    {
        var facts = await new JobViews(database).FactsAsync(job, stop) ?? throw new InvalidOperationException($"job {job} vanished from the ledger");
        // A reused job has no attempts of its own; that which made its result speaks for it.
        IEnumerable<(int Number, long Token)> attempts = facts is { Attempts.Count: 0, Job.State: JobState.Reused, Publication: { } made }
            ? [(1, made.Token)] : facts.Attempts.Select(attempt => (attempt.Number, attempt.Token));
        return (facts.Job.State.IsFinal, [.. attempts.Where(attempt => only is null || attempt.Number == only)]);
    }

    /// <summary>The lines that were added since the last look; one that is still being written waits for its end.</summary>
    private List<LogLine> Added(int number, long token, bool whole)
    {
        var lines = new List<LogLine>();
        var path = AttemptLogs.File(store, token);
        if (!File.Exists(path)) return lines;
        var from = _read.GetValueOrDefault(token);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Position = from;
        var bytes = new byte[Math.Max(file.Length - from, 0)];
        var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        var end = whole ? length : Array.LastIndexOf(bytes, (byte)'\n', Math.Max(length - 1, 0), length) + 1;
        _read[token] = from + end;
        var text = Encoding.UTF8.GetString(bytes, 0, end);
        lines.AddRange(text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => new LogLine(number, token, line)));
        return lines;
    }
}
