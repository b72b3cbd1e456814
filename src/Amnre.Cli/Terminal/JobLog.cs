using Amnre.Cli.Studies;
using Amnre.Jobs.Views;

namespace Amnre.Cli.Terminal;

/// <summary>Reads the logs of a job's attempts, one after the other, and what is added to them.</summary>
/// <param name="only">One attempt's number; null reads all.</param>
internal sealed class JobLog(IStudy study, long job, int? only, TimeProvider clock)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(300);

    /// <param name="tail">Begin with the last so many lines; null begins at the beginning.</param>
    /// <param name="follow">Wait for more until the job has ended.</param>
    /// <param name="write">Takes each line.</param>
    /// <param name="stop">Ends the reading.</param>
    /// <returns>Whether there was any line.</returns>
    public async Task<bool> ReadAsync(int? tail, bool follow, Action<LogLine> write, CancellationToken stop)
    {
        var any = false;
        IReadOnlyDictionary<long, long> positions = new Dictionary<long, long>();
        for (var first = true; ; first = false)
        {
            var page = await study.LogAsync(job, only, positions, first ? tail : null, stop)
                ?? throw new InvalidOperationException($"job {job} vanished from the ledger");
            any |= page.Positions.Values.Any(position => position > 0);
            foreach (var line in page.Lines) write(line);
            positions = page.Positions;
            // What was written before is read page by page whether or not the user follows.
            if (page.Ended || (!follow && (page.Lines.Count == 0 || tail is not null))) return any;
            if (page.Lines.Count == 0) await Task.Delay(LookEvery, clock, stop);
        }
    }
}
