using System.Diagnostics;
using Amnre.Engine;
using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Attempts;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Ownership;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Tracing;
using Amnre.Jobs.Views;
using Npgsql;

namespace Amnre.Jobs.Submissions;

/// <summary>How to submit.</summary>
public sealed record SubmitOptions
{
    /// <summary>Greater goes first, across experiments.</summary>
    public int Priority { get; init; }

    /// <summary>Who submits: users share workers evenly.</summary>
    public string Owner { get; init; } = AccountName.Ours;

    /// <summary>Read every result that would be reused and compare its digest, and withdraw what is damaged; otherwise existence and size
    /// must do.</summary>
    public bool VerifyDigests { get; init; }
}

/// <summary>What became of a submission.</summary>
/// <param name="Attached">The same plan was under way already; nothing was written.</param>
/// <param name="Jobs">Which jobs run and which are reused, and why; in plan order; empty when attached.</param>
public sealed record Submitted(long ExperimentId, int Version, bool Attached, IReadOnlyList<SubmittedJob> Jobs);

public sealed record SubmittedJob(string Name, bool Runs, string Reason);

/// <summary>What would become of a job.</summary>
/// <param name="Expected">Its expected duration, from what took how long before; null where nothing is known.</param>
public sealed record PreviewedJob(string Name, bool Runs, string Reason, TimeSpan? Expected);

/// <summary>Takes plans into the ledger: whole or not at all, and once however often it is tried.</summary>
public sealed class Submission(NpgsqlDataSource database, ArtifactStore store)
{
    /// <exception cref="OtherPlanException">Another plan of that name is under way.</exception>
    /// <exception cref="InputException">The plan cannot be held.</exception>
    public async Task<Submitted> SubmitAsync(ExperimentPlan plan, SubmitOptions options, CancellationToken cancel)
    {
        var graph = PlanCheck.Check(plan);
        StoreLayout.Require(store.Root, plan);
        new StoreInputs(store).Require(plan);
        var digest = PlanDigest.Of(plan);
        if (options.VerifyDigests)
            await new Verification(database, store).WithdrawDamagedAsync([.. plan.Jobs.Select(job => job.Fingerprint.Text).Distinct()],
                cancel);
        if (await UnderWayAsync(plan.Name, digest, cancel) is { } same) return same;

        using var span = Traces.Start($"submit {plan.Name}", ActivityKind.Producer);
        span?.SetTag("amnre.experiment", plan.Name).SetTag("amnre.jobs", plan.Jobs.Count);

        // Reading files may take long, so it is done before anything is locked. What changes meanwhile is found by the attempt that reads
        // it.
        var decisions = await DecideAsync(plan, graph, compared: options.VerifyDigests, cancel);

        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await SubmissionWriter.LockNameAsync(connection, plan.Name, cancel);
        var last = await LastAsync(connection, plan.Name, cancel);
        if (Attached(plan.Name, last, digest) is { } attached) return attached;

        var id = await SubmissionWriter.WriteAsync(connection, plan, graph, decisions, digest, (last?.Version ?? 0) + 1, options,
            Traces.Traceparent(span), cancel);
        await transaction.CommitAsync(cancel);
        FriendlyLinks.Restore(store, await new FileViews(database).LinksAsync(id, cancel));
        return new Submitted(id, (last?.Version ?? 0) + 1, Attached: false,
            [.. plan.Jobs.Zip(decisions, (job, decision) => new SubmittedJob(job.Name, decision.Runs, decision.Reason))]);
    }

    /// <summary>What submitting a plan would run and reuse, and why; writes nothing.</summary>
    /// <returns>In plan order.</returns>
    /// <exception cref="InputException">The plan is invalid.</exception>
    public async Task<IReadOnlyList<PreviewedJob>> PreviewAsync(ExperimentPlan plan, CancellationToken cancel)
    {
        var decisions = await DecideAsync(plan, PlanCheck.Check(plan), compared: false, cancel);
        await using var connection = await database.OpenConnectionAsync(cancel);
        var history = await CostHistory.ReadAsync(connection, plan.Name, cancel);
        return [.. plan.Jobs.Zip(decisions,
            (job, decision) => new PreviewedJob(job.Name, decision.Runs, decision.Reason, decision.Runs ? history.Expected(job) : null))];
    }

    private async Task<Submitted?> UnderWayAsync(string name, string digest, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        return Attached(name, await LastAsync(connection, name, cancel), digest);
    }

    private static Submitted? Attached(string name, ExperimentRow? last, string digest)
    {
        if (last is not { Running: true }) return null;
        return last.PlanDigest == digest
            ? new Submitted(last.Id, last.Version, Attached: true, [])
            : throw new OtherPlanException($"experiment '{name}' is under way with another plan: 'amnre extend' adds what is new to it; " +
                "or wait for its end, cancel it, or submit under another name");
    }

    private static Task<ExperimentRow?> LastAsync(NpgsqlConnection connection, string name, CancellationToken cancel) =>
        connection.QuerySingleOrDefaultAsync<ExperimentRow>(
            "select id, version, plan_digest, state = 'running' as running from amnre.experiments where name = @name order by version " +
                "desc limit 1",
            new { name }, cancel);

    private async Task<IReadOnlyList<ReuseDecision>> DecideAsync(ExperimentPlan plan, JobGraph graph, bool compared,
        CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        var published = await PublishedResults.ReadAsync(connection, [.. plan.Jobs.Select(job => job.Fingerprint.Text)], cancel);
        var earlier = (await connection.QueryAsync<(string Name, string Key)>(
            """
            select distinct on (j.name) j.name, j.key from amnre.jobs j join amnre.experiments e on e.id = j.experiment_id
            where e.name = @Name order by j.name, e.version desc
            """, new { plan.Name }, cancel)).ToDictionary(job => job.Name, job => job.Key, StringComparer.Ordinal);
        var withdrawn = await Verification.WithdrawnAsync(connection, [.. plan.Jobs.Select(job => job.Fingerprint.Text)], cancel);
        var candidates = new List<ReuseCandidate>();
        for (var place = 0; place < plan.Jobs.Count; place++)
        {
            var job = plan.Jobs[place];
            var lacking = published.TryGetValue(job.Fingerprint.Text, out var files)
                ? await PublishedResults.ErrorOfAsync(job, files, store, cancel)
                : WhyNew(job);
            candidates.Add(
                new ReuseCandidate(graph.Dependents(place).Count == 0 || job.Outputs.Any(output => output.Path is not null), lacking,
                    compared));
        }

        var decided = await Decisions.ReadAsync(
            connection, [.. plan.Jobs.Where(job => job.Kind == JobKind.Decide).Select(job => job.Fingerprint.Text)], cancel);
        return ReuseRules.Decide(graph, candidates, [.. plan.Jobs.Select(job => job.Name)],
            place => decided.GetValueOrDefault(plan.Jobs[place].Fingerprint.Text));

        string WhyNew(JobSpec job) => withdrawn.TryGetValue(job.Fingerprint.Text, out var damage)
            ? damage
            : earlier.TryGetValue(job.Name, out var key) && KeyDifference.Describe(key, job.Key) is { } changes
            ? $"changed: {changes}" : "never made";
    }

    private sealed record ExperimentRow
    {
        public long Id { get; init; }

        public int Version { get; init; }

        public string PlanDigest { get; init; } = "";

        public bool Running { get; init; }
    }
}
