using Amnre.Jobs.Dispatching;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Logs;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Statements;
using Npgsql;
using NpgsqlTypes;

namespace Amnre.Jobs.Submissions;

/// <summary>Writes a checked plan in bulk, inside the caller's transaction.</summary>
internal static class SubmissionWriter
{
    private const int AnalyzedFrom = 1000;

    /// <summary>Rows of one statement, so that none takes long, however large the plan: the database checks what rows refer to at the
    /// statement's end.</summary>
    private const int Block = 10_000;

    /// <summary>Until the end of the transaction no other client submits, extends or reopens experiments of that name.</summary>
    public static Task LockNameAsync(NpgsqlConnection connection, string name, CancellationToken cancel) => connection.ExecuteAsync(
        "select pg_advisory_xact_lock(hashtextextended(@name, 1))", new { name }, cancel);

    /// <returns>The experiment's id.</returns>
    public static async Task<long> WriteAsync(
        NpgsqlConnection connection, ExperimentPlan plan, JobGraph graph, IReadOnlyList<ReuseDecision> decisions,
        string digest, int version, SubmitOptions options, string traceparent, CancellationToken cancel)
    {
        var runs = decisions.Any(decision => decision.Runs);
        var experiment = await connection.QuerySingleAsync<(long Id, DateTime Now)>(ExperimentStatements.Add, new
        {
            plan.Name,
            Version = version,
            plan.Document,
            Digest = digest,
            options.Priority,
            Owner = Redaction.Of(options.Owner),
            plan.AtMost,
            Traceparent = traceparent,
            State = LedgerText.Of(runs ? ExperimentState.Running : ExperimentState.Succeeded),
        }, cancel);
        var ids = await NewIdsAsync(connection, plan.Jobs.Count, cancel);
        await CopyJobsAsync(connection, experiment, options.Priority, [.. plan.Jobs.Select((job, place) => First(job, place))], cancel);
        await CopyEdgesAsync(connection, plan.Jobs,
            plan.Jobs.Zip(ids).ToDictionary(pair => pair.First.Name, pair => pair.Second, StringComparer.Ordinal), cancel);
        var running = decisions.Count(decision => decision.Runs);
        await LedgerEvents.RecordAsync(connection, experiment.Id, null, "submitted",
            $"version {version}: {running} jobs run, {decisions.Count - running} are reused", cancel);
        // Plans that were made for small tables would scan large ones; the server's own analysis comes a minute later.
        if (plan.Jobs.Count >= AnalyzedFrom) await connection.ExecuteAsync("analyze amnre.jobs; analyze amnre.edges", null, cancel);
        await connection.ExecuteAsync("select pg_notify(@Channel, 'submitted')", new { LedgerDatabase.Channel }, cancel);
        return experiment.Id;

        NewJob First(JobSpec job, int place)
        {
            var unmet = decisions[place].Runs ? graph.Dependencies(place).Count(dependency => decisions[dependency].Runs) : 0;
            var state = decisions[place].Pruned ? JobState.Pruned
                : !decisions[place].Runs ? JobState.Reused
                : unmet > 0 ? JobState.Waiting : JobState.Ready;
            return new NewJob(ids[place], place, job, state, decisions[place].Reason, unmet);
        }
    }

    public static async Task<long[]> NewIdsAsync(NpgsqlConnection connection, int count, CancellationToken cancel) =>
        [.. await connection.QueryAsync<long>(
        "select nextval(pg_get_serial_sequence('amnre.jobs', 'id')) from generate_series(1, @count)", new { count }, cancel)];

    /// <param name="experiment">Its id, and the transaction's time.</param>
    public static async Task CopyJobsAsync(
        NpgsqlConnection connection, (long Id, DateTime Now) experiment, int priority, IReadOnlyList<NewJob> jobs, CancellationToken cancel)
    {
        foreach (var block in jobs.Chunk(Block)) await CopyBlockAsync(connection, experiment, priority, block, cancel);
    }

    private static async Task CopyBlockAsync(
        NpgsqlConnection connection, (long Id, DateTime Now) experiment, int priority, NewJob[] jobs, CancellationToken cancel)
    {
        await using var writer = await connection.BeginBinaryImportAsync(
            """
            copy amnre.jobs (id, experiment_id, ordinal, name, kind, fingerprint, key, settings, outputs,
              cpus, gpus, memory_bytes, time_limit, same_kind, queue, priority, state, reason, because, unmet,
                finished_at) from stdin (format binary)
            """, cancel);
        foreach (var (id, place, job, state, reason, unmet) in jobs)
        {
            await writer.StartRowAsync(cancel);
            await writer.WriteAsync(id, NpgsqlDbType.Bigint, cancel);
            await writer.WriteAsync(experiment.Id, NpgsqlDbType.Bigint, cancel);
            await writer.WriteAsync(place, NpgsqlDbType.Integer, cancel);
            await writer.WriteAsync(job.Name, NpgsqlDbType.Text, cancel);
            await writer.WriteAsync(LedgerText.Of(job.Kind), NpgsqlDbType.Text, cancel);
            await writer.WriteAsync(job.Fingerprint.Text, NpgsqlDbType.Text, cancel);
            await writer.WriteAsync(job.Key, NpgsqlDbType.Text, cancel);
            await writer.WriteAsync(job.Settings, NpgsqlDbType.Text, cancel);
            await writer.WriteAsync(LedgerText.OfOutputs(job.Outputs), NpgsqlDbType.Jsonb, cancel);
            await writer.WriteAsync(job.Resources.Cpus, NpgsqlDbType.Integer, cancel);
            await writer.WriteAsync(job.Resources.Gpus, NpgsqlDbType.Integer, cancel);
            await writer.WriteAsync(job.Resources.MemoryBytes, NpgsqlDbType.Bigint, cancel);
            await WriteOrNullAsync(writer, job.Resources.Time, NpgsqlDbType.Interval, cancel);
            await writer.WriteAsync(job.Resources.SameKind, NpgsqlDbType.Boolean, cancel);
            await writer.WriteAsync(JobQueues.For(job.Resources), NpgsqlDbType.Text, cancel);
            await writer.WriteAsync(priority, NpgsqlDbType.Integer, cancel);
            await writer.WriteAsync(LedgerText.Of(state), NpgsqlDbType.Text, cancel);
            var told = Redaction.Of(reason);
            await writer.WriteAsync(told, NpgsqlDbType.Text, cancel);
            await writer.WriteAsync(told, NpgsqlDbType.Text, cancel);
            await writer.WriteAsync(unmet, NpgsqlDbType.Integer, cancel);
            await WriteOrNullAsync(writer, state.IsFinal ? experiment.Now : (DateTime?)null, NpgsqlDbType.TimestampTz, cancel);
        }

        await writer.CompleteAsync(cancel);
    }

    /// <param name="jobs">Whose edges are written.</param>
    /// <param name="idOf">Ids of these jobs and of all that they read from, by name.</param>
    public static async Task CopyEdgesAsync(
        NpgsqlConnection connection, IReadOnlyList<JobSpec> jobs, IReadOnlyDictionary<string, long> idOf, CancellationToken cancel)
    {
        foreach (var block in jobs.Chunk(Block)) await CopyBlockAsync(connection, block, idOf, cancel);
    }

    private static async Task CopyBlockAsync(
        NpgsqlConnection connection, JobSpec[] jobs, IReadOnlyDictionary<string, long> idOf, CancellationToken cancel)
    {
        await using var writer = await connection.BeginBinaryImportAsync(
            "copy amnre.edges (job_id, ordinal, role, producer_id, output, branch, optional) from stdin (format binary)", cancel);
        foreach (var job in jobs)
        {
            for (var ordinal = 0; ordinal < job.Inputs.Count; ordinal++)
            {
                var input = job.Inputs[ordinal];
                await writer.StartRowAsync(cancel);
                await writer.WriteAsync(idOf[job.Name], NpgsqlDbType.Bigint, cancel);
                await writer.WriteAsync(ordinal, NpgsqlDbType.Integer, cancel);
                await writer.WriteAsync(input.Role, NpgsqlDbType.Text, cancel);
                await writer.WriteAsync(idOf[input.Job], NpgsqlDbType.Bigint, cancel);
                await writer.WriteAsync(input.Output, NpgsqlDbType.Text, cancel);
                if (input.Branch is { } branch) await writer.WriteAsync(branch, NpgsqlDbType.Text, cancel);
                else await writer.WriteNullAsync(cancel);
                await writer.WriteAsync(input.Optional, NpgsqlDbType.Boolean, cancel);
            }
        }

        await writer.CompleteAsync(cancel);
    }

    private static Task WriteOrNullAsync<T>(NpgsqlBinaryImporter writer, T? value, NpgsqlDbType type, CancellationToken cancel)
        where T : struct =>
        value is { } given ? writer.WriteAsync(given, type, cancel) : writer.WriteNullAsync(cancel);
}

/// <summary>A job as it first stands in the ledger.</summary>
/// <param name="Place">In its experiment's order.</param>
/// <param name="Unmet">Jobs that it reads from and that are not done.</param>
internal sealed record NewJob(long Id, int Place, JobSpec Job, JobState State, string Reason, int Unmet);
