using Amnre.Jobs.Dispatching;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Workers;
using Npgsql;

namespace Amnre.Jobs.Views;

/// <summary>What the ledger can tell about single jobs. Reads only.</summary>
/// <param name="database">The ledger's.</param>
/// <param name="heartbeatTimeout">As for <see cref="ExperimentViews"/>.</param>
public sealed class JobViews(NpgsqlDataSource database, TimeSpan? heartbeatTimeout = null)
{
    private const int MaxChanges = 50;

    /// <returns>Null when there is no such job.</returns>
    public async Task<JobDetail?> JobAsync(long jobId, CancellationToken cancel)
    {
        return await database.QuerySingleOrDefaultAsync<JobDetail>(
            """
            select j.id, j.experiment_id, e.name as experiment, e.version, j.name, j.kind, j.state, j.reason, j.settings, j.fingerprint,
              split_part(coalesce(j.traceparent, e.traceparent), '-', 2) as trace_id
            from amnre.jobs j join amnre.experiments e on e.id = j.experiment_id where j.id = @jobId
            """, new { jobId }, cancel);
    }

    /// <returns>Null when there is no such job.</returns>
    public async Task<JobSnapshot?> StandingAsync(long jobId, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        return (await JobRows.ReadAsync(connection, "where j.id = @jobId", new { jobId }, cancel)).SingleOrDefault();
    }

    /// <summary>One job's attempts, newest first.</summary>
    public async Task<IReadOnlyList<AttemptSnapshot>> AttemptsAsync(long jobId, CancellationToken cancel)
    {
        return [.. await database.QueryAsync<AttemptSnapshot>(
            $"select {JobRows.AttemptColumns} from amnre.attempts a join amnre.workers w on w.id = a.worker where a.job_id = @jobId " +
                "order by a.number desc",
            new { jobId }, cancel)];
    }

    /// <returns>Null when there is no such job.</returns>
    public async Task<JobFacts?> FactsAsync(long jobId, CancellationToken cancel)
    {
        var views = new ExperimentViews(database, heartbeatTimeout);
        if (await JobAsync(jobId, cancel) is not { } detail
            || await views.SummaryAsync(detail.ExperimentId, cancel) is not { } experiment
            || await StandingAsync(jobId, cancel) is not { } job)
        {
            return null;
        }

        await using var connection = await database.OpenConnectionAsync(cancel);
        var row = await connection.QuerySingleAsync<Row>(RowSql, new { jobId }, cancel);
        return new JobFacts
        {
            Job = job,
            Experiment = experiment,
            Now = await views.NowAsync(cancel),
            Fingerprint = Fingerprint.Parse(detail.Fingerprint),
            Resources = new JobResources
            {
                Cpus = row.Cpus,
                Gpus = row.Gpus,
                MemoryBytes = row.MemoryBytes,
                Time = row.TimeLimit,
                SameKind = row.SameKind,
            },
            Queue = row.Queue,
            Because = row.Because,
            KeyChanges = row.EarlierKey is { } earlier ? KeyDifference.Describe(earlier, row.Key, MaxChanges) : null,
            ReadsFrom = [.. await NeighboursAsync(connection, ReadsFromSql, jobId, cancel)],
            MadeBy = (await NeighboursAsync(connection, MadeBySql, jobId, cancel)).FirstOrDefault(),
            Expected = row.Expected,
            UnderWay = row.UnderWay,
            Ahead = await ReadyJobs.AheadAsync(connection, detail.ExperimentId, jobId, cancel),
            NewestVersion = row.NewestVersion,
            Workers = await views.WorkersAsync(cancel),
            Scheduled = (await new SchedulerRegistry(database).LiveAsync(cancel)).Count > 0,
            HeldTo = row.HeldTo,
            Publication = await connection.QuerySingleOrDefaultAsync<PublishedBy>(
                PublicationSql, new { jobId }, cancel),
            Attempts = [.. (await AttemptsAsync(jobId, cancel)).Reverse()],
            Events = [.. await connection.QueryAsync<LedgerMessage>(
                """
                select v.id, v.at, v.kind, j.name as job, v.message from amnre.events v join amnre.jobs j on j.id = v.job_id
                where v.job_id = @jobId order by v.id
                """, new { jobId }, cancel)],
        };
    }

    /// <summary>What an experiment's jobs are made of, in plan order; a training of several models is one for each.</summary>
    public async Task<IReadOnlyList<JobComposition>> CompositionAsync(long experimentId, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        var inputs = (await connection.QueryAsync<(long Job, string Role, string Producer, string Output)>(
            """
            select e.job_id, e.role, p.name, e.output from amnre.edges e join amnre.jobs j on j.id = e.job_id
              join amnre.jobs p on p.id = e.producer_id
            where j.experiment_id = @experimentId order by e.job_id, e.ordinal
            """, new { experimentId }, cancel)).ToLookup(edge => edge.Job,
            edge => (edge.Role, TrainingModels.NameOf(edge.Producer, edge.Output)));
        return [.. (await connection.QueryAsync<(long Id, string Name, string Kind, string State, string Settings, string? Device)>(
            """
            select j.id, j.name, j.kind, j.state, j.settings, a.device::text from amnre.jobs j
            left join amnre.publications p on p.fingerprint = j.fingerprint left join amnre.attempts a on a.token = p.token
            where j.experiment_id = @experimentId order by j.ordinal
            """, new { experimentId }, cancel))
            .Select(job => (job.Id, job.Name, Kind: LedgerText.Read<JobKind>(job.Kind), State: LedgerText.Read<JobState>(job.State),
                job.Settings, Device: DeviceFacts.Read(job.Device)))
            .SelectMany(job => TrainingModels.Of(job.Name, job.Kind, job.Settings)
                .Select(model => new JobComposition(model.Name, job.Kind, job.State, model.Settings, [.. inputs[job.Id]])
                {
                    Device = job.Device,
                }))];
    }

    private static async Task<IEnumerable<NeighbourJob>> NeighboursAsync(NpgsqlConnection connection, string sql, long jobId,
        CancellationToken cancel) =>
        (await connection.QueryAsync<(string Experiment, string Name, string State, string? Reason)>(
            sql, new { jobId }, cancel))
            .Select(row => new NeighbourJob(row.Experiment, row.Name, LedgerText.Read<JobState>(row.State), row.Reason));

    private static readonly string RowSql =
        $"""
        select j.queue, j.cpus, j.gpus, j.memory_bytes, j.time_limit, j.same_kind, j.key, j.because,
          (select o.key from amnre.jobs o join amnre.experiments oe on oe.id = o.experiment_id
           where oe.name = e.name and oe.version < e.version and o.name = j.name order by oe.version desc limit 1) as earlier_key,
          {ExpectedTime.Sql("e.id", "j.kind", "j.time_limit")} as expected,
          case when j.same_kind then amnre.begun_on(j.fingerprint) end as held_to,
          (select count(*)::int from amnre.jobs o where o.experiment_id = e.id and o.state in ('queued', 'running')) as under_way,
          (select max(o.version) from amnre.experiments o where o.name = e.name) as newest_version
        from amnre.jobs j join amnre.experiments e on e.id = j.experiment_id where j.id = @jobId
        """;

    private const string ReadsFromSql =
        """
        select x.name, p.name, p.state, nullif(p.reason, p.because) from amnre.jobs p join amnre.experiments x on x.id = p.experiment_id
        where p.id in (select producer_id from amnre.edges where job_id = @jobId) order by p.ordinal
        """;

    private const string MadeBySql =
        """
        select x.name, o.name, o.state, o.reason from amnre.jobs j
          join amnre.jobs o on o.fingerprint = j.fingerprint and o.id <> j.id and o.state in ('queued', 'running')
        join amnre.experiments x on x.id = o.experiment_id where j.id = @jobId limit 1
        """;

    private const string PublicationSql =
        """
        select p.token, x.name as experiment, m.name as job, p.published_at as at
        from amnre.jobs j join amnre.publications p on p.fingerprint = j.fingerprint join amnre.attempts a on a.token = p.token
        join amnre.jobs m on m.id = a.job_id join amnre.experiments x on x.id = m.experiment_id where j.id = @jobId
        """;

    private sealed record Row
    {
        public string Queue { get; init; } = "";

        public int Cpus { get; init; }

        public int Gpus { get; init; }

        public long MemoryBytes { get; init; }

        public TimeSpan? TimeLimit { get; init; }

        public bool SameKind { get; init; }

        public string Key { get; init; } = "";

        public string? Because { get; init; }

        public string? EarlierKey { get; init; }

        public TimeSpan? Expected { get; init; }

        public string? HeldTo { get; init; }

        public int UnderWay { get; init; }

        public int NewestVersion { get; init; }
    }
}

/// <summary>What one job, or one model of a training, is made of.</summary>
/// <param name="Settings">Canonical JSON.</param>
/// <param name="Inputs">Roles and the names of the jobs that make them.</param>
public sealed record JobComposition(string Name, JobKind Kind, JobState State, string Settings,
    IReadOnlyList<(string Role, string Producer)> Inputs)
{
    /// <summary>What its published result was computed on; null where that was not recorded.</summary>
    public DeviceFacts? Device { get; init; }
}
