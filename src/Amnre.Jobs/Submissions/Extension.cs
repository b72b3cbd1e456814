using Amnre.Engine;
using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Attempts;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Statements;
using Amnre.Jobs.Views;
using Npgsql;

namespace Amnre.Jobs.Submissions;

/// <summary>Adds jobs to an experiment that is under way: whole or not at all. What is there already continues untouched.</summary>
public sealed class Extension(NpgsqlDataSource database, ArtifactStore store)
{
    /// <param name="plan">All of the experiment's jobs as they are, and more; its limit of jobs at once takes effect too.</param>
    /// <returns>The jobs that were added, in plan order.</returns>
    /// <exception cref="InputException">The experiment is not under way, or the plan lacks or changes one of its jobs.</exception>
    public async Task<Submitted> ExtendAsync(ExperimentPlan plan, CancellationToken cancel)
    {
        var graph = PlanCheck.Check(plan);
        StoreLayout.Require(store.Root, plan);
        new StoreInputs(store).Require(plan);
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await SubmissionWriter.LockNameAsync(connection, plan.Name, cancel);
        var experiment = await connection.QuerySingleOrDefaultAsync<(long Id, int Version, int Priority, DateTime Now)?>(
            "select id, version, priority, now() from amnre.experiments where name = @Name and state = 'running' for update",
            new { plan.Name }, cancel)
            ?? throw new InputException(
                $"experiment '{plan.Name}' is not under way: 'amnre submit' makes what is new of it and reuses the rest");
        var present = (await connection.QueryAsync<PresentJob>(
            "select id, name, fingerprint, key, state from amnre.jobs where experiment_id = @Id order by ordinal",
            new { experiment.Id }, cancel)).ToDictionary(job => job.Name, StringComparer.Ordinal);
        Compare(plan, present);

        List<int> added = [.. Enumerable.Range(0, plan.Jobs.Count).Where(place => !present.ContainsKey(plan.Jobs[place].Name))];
        var ids = await SubmissionWriter.NewIdsAsync(connection, added.Count, cancel);
        var published = await PublishedResults.ReadAsync(connection, [.. added.Select(place => plan.Jobs[place].Fingerprint.Text)], cancel);
        var decided = await Decisions.ReadAsync(connection, [.. plan.Jobs.Select(job => job.Fingerprint.Text)], cancel);
        var rows = new List<NewJob>();
        var standing = present.ToDictionary(job => job.Key, job => job.Value.State, StringComparer.Ordinal);
        for (var i = 0; i < added.Count; i++)
        {
            var job = plan.Jobs[added[i]];
            List<string> readsFrom = [.. graph.Dependencies(added[i]).Select(dependency => plan.Jobs[dependency].Name)];
            var first = new NewJob(ids[i], present.Count + i, job, JobState.Ready, "added", 0);
            var row = Pruned(added[i]) is { } why
                ? first with { State = JobState.Pruned, Reason = why }
                : await FirstAsync(job, first, readsFrom, standing, published, cancel);
            rows.Add(row);
            standing[job.Name] = row.State;
        }

        await SubmissionWriter.CopyJobsAsync(connection, (experiment.Id, experiment.Now), experiment.Priority, rows, cancel);
        var idOf = present.Values.Select(job => (job.Name, job.Id)).Concat(rows.Select(row => (row.Job.Name, row.Id)))
            .ToDictionary(job => job.Name, job => job.Id, StringComparer.Ordinal);
        await SubmissionWriter.CopyEdgesAsync(connection, [.. rows.Select(row => row.Job)], idOf, cancel);
        await connection.ExecuteAsync(ExperimentStatements.Extend,
            new { plan.Document, digest = PlanDigest.Of(plan), plan.AtMost, experiment.Id }, cancel);
        await LedgerEvents.RecordAsync(connection, experiment.Id, null, "extended", $"{rows.Count} jobs were added", cancel);
        await connection.ExecuteAsync("select pg_notify(@Channel, 'submitted')", new { LedgerDatabase.Channel }, cancel);
        await transaction.CommitAsync(cancel);
        FriendlyLinks.Restore(store, await new FileViews(database).LinksAsync(experiment.Id, cancel));
        return new Submitted(experiment.Id, experiment.Version, Attached: false,
            [.. rows.Select(row => new SubmittedJob(row.Job.Name, row.State is not (JobState.Reused or JobState.Pruned), row.Reason))]);

        string? Pruned(int place) => graph.Dependencies(place).Select(dependency => PrunedJobs.ReasonOf(
            graph.Rule(place, dependency),
            standing[plan.Jobs[dependency].Name].IsDone ? decided.GetValueOrDefault(plan.Jobs[dependency].Fingerprint.Text) : null,
            standing[plan.Jobs[dependency].Name] == JobState.Pruned ? $"{plan.Jobs[dependency].Name} was pruned" : null))
            .FirstOrDefault(reason => reason is not null);
    }

    private static void Compare(ExperimentPlan plan, Dictionary<string, PresentJob> present)
    {
        var planned = plan.Jobs.ToDictionary(job => job.Name, StringComparer.Ordinal);
        foreach (var (name, job) in present)
        {
            if (!planned.TryGetValue(name, out var same))
                throw new InputException($"job '{name}' of experiment '{plan.Name}' is not in the file any more: extending only adds " +
                    "jobs; cancel the job and keep it in the file, or submit under another name");
            if (same.Fingerprint.Text != job.Fingerprint)
                throw new InputException($"job '{name}' of experiment '{plan.Name}' has changed " +
                    $"({KeyDifference.Describe(job.Key, same.Key)}): extending only adds jobs; wait for its end, or submit under " +
                    "another name");
        }
    }

    /// <summary>How an added job stands at first: reused, waiting for what is not done, ready, or skipped with what it reads
    /// from.</summary>
    private async Task<NewJob> FirstAsync(
        JobSpec job, NewJob row, List<string> readsFrom, Dictionary<string, JobState> standing,
        IReadOnlyDictionary<string, IReadOnlyList<ArtifactRecord>> published, CancellationToken cancel)
    {
        var lost = readsFrom.Find(name => standing[name].IsAbandoned);
        if (lost is not null)
            return row with { State = JobState.Skipped, Reason = $"reads from {lost}, which is {LedgerText.Of(standing[lost])}" };
        // Of those that are pruned, the job does without.
        var unmet = readsFrom.Count(name => !standing[name].IsDone && standing[name] != JobState.Pruned);
        if (unmet > 0) return row with { State = JobState.Waiting, Unmet = unmet };
        if (!published.TryGetValue(job.Fingerprint.Text, out var files)) return row;
        if (await PublishedResults.ErrorOfAsync(job, files, store, cancel) is { } error) return row with { Reason = $"added; {error}" };
        return row with { State = JobState.Reused, Reason = ReuseRules.Published(compared: false) };
    }

    private sealed record PresentJob
    {
        public long Id { get; init; }

        public string Name { get; init; } = "";

        public string Fingerprint { get; init; } = "";

        public string Key { get; init; } = "";

        public JobState State { get; init; }
    }
}
