using Amnre.Jobs.Graph;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Transport;
using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace Amnre.Jobs.Submissions;

/// <summary>Writes a checked plan in bulk, inside the caller's transaction.</summary>
internal static class SubmissionWriter
{
    private const int AnalyzedFrom = 1000;

    /// <returns>The experiment's id.</returns>
    public static async Task<long> WriteAsync(
        NpgsqlConnection connection, ExperimentPlan plan, JobGraph graph, IReadOnlyList<ReuseDecision> decisions,
        string digest, int version, int priority, CancellationToken cancel)
    {
        var runs = decisions.Any(decision => decision.Runs);
        var experiment = await connection.QuerySingleAsync<(long Id, DateTime Now)>(
            """
            insert into amnre.experiments (name, version, document, plan_digest, priority, state, finished_at)
            values (@Name, @Version, @Document, @Digest, @Priority, @State, case when @State = 'running' then null else now() end)
            returning id, now()
            """,
            new
            {
                plan.Name,
                Version = version,
                plan.Document,
                Digest = digest,
                Priority = priority,
                State = LedgerText.Of(runs ? ExperimentState.Running : ExperimentState.Succeeded),
            });
        var ids = (await connection.QueryAsync<long>(
            "select nextval(pg_get_serial_sequence('amnre.jobs', 'id')) from generate_series(1, @Count)", new { plan.Jobs.Count })).ToArray();
        await CopyJobsAsync(connection, plan, graph, decisions, priority, experiment, ids, cancel);
        await CopyEdgesAsync(connection, plan, ids, cancel);
        var running = decisions.Count(decision => decision.Runs);
        await LedgerEvents.RecordAsync(connection, experiment.Id, null, null, "submitted",
            $"version {version}: {running} jobs run, {decisions.Count - running} are reused");
        // Plans that were made for small tables would scan large ones; the server's own analysis comes a minute later.
        if (plan.Jobs.Count >= AnalyzedFrom) await connection.ExecuteAsync("analyze amnre.jobs; analyze amnre.edges");
        await connection.ExecuteAsync("select pg_notify(@Channel, 'submitted')", new { LedgerDatabase.Channel });
        return experiment.Id;
    }

    private static async Task CopyJobsAsync(
        NpgsqlConnection connection, ExperimentPlan plan, JobGraph graph, IReadOnlyList<ReuseDecision> decisions, int priority,
        (long Id, DateTime Now) experiment, long[] ids, CancellationToken cancel)
    {
        await using var writer = await connection.BeginBinaryImportAsync(
            """
            copy amnre.jobs (id, experiment_id, ordinal, name, kind, fingerprint, key, settings, outputs,
              cpus, gpus, memory_bytes, time_limit, queue, priority, state, reason, because, unmet, finished_at) from stdin (format binary)
            """, cancel);
        for (var place = 0; place < ids.Length; place++)
        {
            var job = plan.Jobs[place];
            var decision = decisions[place];
            var unmet = decision.Runs ? graph.Dependencies(place).Count(dependency => decisions[dependency].Runs) : 0;
            var state = !decision.Runs ? JobState.Reused : unmet > 0 ? JobState.Waiting : JobState.Ready;
            await writer.StartRowAsync(cancel);
            await writer.WriteAsync(ids[place], NpgsqlDbType.Bigint, cancel);
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
            await writer.WriteAsync(JobQueues.For(job.Resources), NpgsqlDbType.Text, cancel);
            await writer.WriteAsync(priority, NpgsqlDbType.Integer, cancel);
            await writer.WriteAsync(LedgerText.Of(state), NpgsqlDbType.Text, cancel);
            await writer.WriteAsync(decision.Reason, NpgsqlDbType.Text, cancel);
            await writer.WriteAsync(decision.Reason, NpgsqlDbType.Text, cancel);
            await writer.WriteAsync(unmet, NpgsqlDbType.Integer, cancel);
            await WriteOrNullAsync(writer, decision.Runs ? (DateTime?)null : experiment.Now, NpgsqlDbType.TimestampTz, cancel);
        }

        await writer.CompleteAsync(cancel);
    }

    private static async Task CopyEdgesAsync(NpgsqlConnection connection, ExperimentPlan plan, long[] ids, CancellationToken cancel)
    {
        var idOf = plan.Jobs.Zip(ids).ToDictionary(pair => pair.First.Name, pair => pair.Second, StringComparer.Ordinal);
        await using var writer = await connection.BeginBinaryImportAsync(
            "copy amnre.edges (job_id, ordinal, role, producer_id, output) from stdin (format binary)", cancel);
        foreach (var job in plan.Jobs)
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
            }
        }

        await writer.CompleteAsync(cancel);
    }

    private static Task WriteOrNullAsync<T>(NpgsqlBinaryImporter writer, T? value, NpgsqlDbType type, CancellationToken cancel) where T : struct =>
        value is { } given ? writer.WriteAsync(given, type, cancel) : writer.WriteNullAsync(cancel);
}
