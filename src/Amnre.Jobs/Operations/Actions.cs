using Amnre.Engine;
using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Workers;
using Npgsql;

namespace Amnre.Jobs.Operations;

/// <summary>Does what people ask, wherever they ask it, and notes who asked before it is done.</summary>
public sealed class Actions(NpgsqlDataSource database, ArtifactStore store)
{
    private readonly Interventions _interventions = new(database, store);
    private readonly Selector _selector = new(database);
    private readonly AuditTrail _audit = new(database);

    /// <exception cref="InputException">It selects nothing, or lacks what its kind needs.</exception>
    public Task<ActionReport> DoAsync(ActionRequest request, Requester by, CancellationToken cancel) => request.Kind switch
    {
        ActionKind.Cancel => CancelAsync(request, by, cancel),
        ActionKind.Pause => WholeAsync(request, by, "paused",
            async one => await _interventions.PauseAsync(one.Id, request.Drain, cancel)
                ? (one.Name, null)
                : (one.Name, Ended(one.State)), cancel),
        ActionKind.Resume => WholeAsync(request, by, "resumed",
            async one => await _interventions.ResumeAsync(one.Id, cancel) ? (one.Name, null) : (one.Name, "is not paused"), cancel),
        ActionKind.Prioritize when request.Priority is { } priority => WholeAsync(request, by, $"priority {priority}",
            async one => await _interventions.PrioritizeAsync(one.Id, priority, cancel) is { } before
                ? ($"{one.Name} (was {before})", null)
                : (one.Name, "is gone"), cancel),
        ActionKind.Prioritize => throw new InputException("a priority is missing: a whole number; greater goes first"),
        ActionKind.Retry => RetryAsync(request, by, cancel),
        ActionKind.Rerun => RerunAsync(request, by, cancel),
        ActionKind.Drain => DrainAsync(request, by, cancel),
        _ => throw new ArgumentOutOfRangeException(nameof(request), request.Kind, "no such action"),
    };

    private async Task<ActionReport> WholeAsync(
        ActionRequest request, Requester by, string done, Func<SelectedExperiment, Task<(string Item, string? Not)>> act,
        CancellationToken cancel)
    {
        var report = new Report();
        foreach (var one in Selector.Whole(request.What, await _selector.SelectAsync(request.What, cancel)))
        {
            await NoteAsync(request, one, by, cancel);
            var (item, not) = await act(one);
            report.Tell(item, not);
        }

        return report.As(done);
    }

    private async Task<ActionReport> CancelAsync(ActionRequest request, Requester by, CancellationToken cancel)
    {
        var report = new Report();
        foreach (var one in await _selector.SelectAsync(request.What, cancel))
        {
            await NoteAsync(request, one, by, cancel);
            if (one.Whole)
            {
                report.Tell(one.Name, await _interventions.CancelAsync(one.Id, cancel) ? null : Ended(one.State));
                continue;
            }

            var asked = (await _interventions.CancelJobsAsync(one.Id, [.. one.Jobs.Select(job => job.Id)], cancel)).ToHashSet();
            foreach (var job in one.Jobs) report.Tell($"{one.Name}/{job.Name}", asked.Contains(job.Id) ? null : Ended(job.State));
        }

        return report.As("cancelled");
    }

    private async Task<ActionReport> RetryAsync(ActionRequest request, Requester by, CancellationToken cancel)
    {
        var filter = JobFilter.Parse(request.Where);
        var report = new Report();
        foreach (var one in await _selector.SelectAsync(request.What, cancel))
        {
            if (one.Whole && filter is { States: null, Kinds: null })
                throw new InputException(
                    $"say which jobs of '{one.Name}' to retry: --failed, --where state=failed,cancelled, or '{one.Name}/JOB'");
            var wanted = one.Jobs.Where(job => job.State.IsAbandoned && filter.Admits(job.Kind, job.State)).ToList();
            if (wanted.Count == 0)
            {
                report.Tell(one.Name, one.Whole
                    ? "has no such jobs that failed or were cancelled"
                    : "is neither failed nor cancelled");
                continue;
            }

            await NoteAsync(request, one, by, cancel);
            var back = await NamesAsync(await _interventions.RetryAsync(one.Id, [.. wanted.Select(job => job.Id)], cancel), cancel);
            foreach (var job in back.Values) report.Tell($"{one.Name}/{job}", null);
            foreach (var job in wanted.Where(job => !back.ContainsKey(job.Id)))
                report.Tell($"{one.Name}/{job.Name}", "reads from a job that failed or was cancelled: retry that one too");
        }

        return report.As("retried");
    }

    private async Task<ActionReport> RerunAsync(ActionRequest request, Requester by, CancellationToken cancel)
    {
        var report = new Report();
        foreach (var one in await _selector.SelectAsync(request.What, cancel))
        {
            await NoteAsync(request, one, by, cancel);
            var again = await NamesAsync(
                await _interventions.RerunAsync(one.Id, [.. one.Jobs.Where(job => job.State.IsDone).Select(job => job.Id)], cancel),
                cancel);
            foreach (var job in again.Values) report.Tell($"{one.Name}/{job}", null);
            var left = one.Jobs.Where(job => !again.ContainsKey(job.Id)).ToList();
            var orphaned = await ReadingFromAbandonedAsync([.. left.Select(job => job.Id)], cancel);
            foreach (var job in left)
            {
                report.Tell($"{one.Name}/{job.Name}", !job.State.IsDone ? $"has no result to compare with: it is {LedgerText.Of(job.State)}"
                    : orphaned.Contains(job.Id) ? "reads from a job that failed or was cancelled: retry that one first"
                    : "is read by a job under way: wait for that, or cancel it");
            }
        }

        return report.As("to be rerun");
    }

    private async Task<ActionReport> DrainAsync(ActionRequest request, Requester by, CancellationToken cancel)
    {
        await _audit.RecordAsync(by, Words(request), null, null, cancel);
        return new ActionReport("asked to leave", await new WorkerRegistry(database).AskToDrainAsync(request.What, cancel), []);
    }

    private Task NoteAsync(ActionRequest request, SelectedExperiment one, Requester by, CancellationToken cancel) =>
        _audit.RecordAsync(by, Words(request), one.Id, !one.Whole && one.Jobs is [var only] ? only.Id : null, cancel);

    private async Task<IReadOnlySet<long>> ReadingFromAbandonedAsync(long[] jobs, CancellationToken cancel)
    {
        return (await database.QueryAsync<long>(
            """
            select distinct e.job_id from amnre.edges e join amnre.jobs p on p.id = e.producer_id
            where e.job_id = any(@jobs) and p.state in ('failed', 'skipped', 'cancelled')
            """, new { jobs }, cancel)).ToHashSet();
    }

    /// <returns>By id, in plan order.</returns>
    private async Task<OrderedDictionary<long, string>> NamesAsync(IReadOnlyList<long> jobs, CancellationToken cancel)
    {
        return new OrderedDictionary<long, string>((await database.QueryAsync<(long Id, string Name)>(
            "select id, name from amnre.jobs where id = any(@jobs) order by ordinal", new { jobs = jobs.ToArray() }, cancel))
            .Select(job => KeyValuePair.Create(job.Id, job.Name)));
    }

    private static string Words(ActionRequest request) =>
        $"{LedgerText.Of(request.Kind)} " +
        $"{request.What}{(request.Drain ? " --drain" : "")}{(request.Priority is { } priority ? $" {priority}" : "")}" +
        string.Concat(request.Where.Select(condition => $" {condition}"));

    private static string Ended<T>(T state) where T : struct, Enum => $"has ended already: {LedgerText.Of(state)}";

    private sealed class Report
    {
        private readonly List<string> _done = [];
        private readonly List<NotDone> _not = [];

        /// <param name="item">What was asked for.</param>
        /// <param name="not">Why it was not done; null when it was.</param>
        public void Tell(string item, string? not)
        {
            if (not is null) _done.Add(item);
            else _not.Add(new NotDone(item, not));
        }

        public ActionReport As(string action) => new(action, _done, _not);
    }
}
