using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Specs;
using Dapper;
using Npgsql;

namespace Amnre.Jobs.Attempts;

/// <inheritdoc cref="IAttemptLedger"/>
/// <remarks>An attempt ends when <c>ended_at</c> is set, which every writer does only where it is null.</remarks>
public sealed class AttemptLedger(NpgsqlDataSource database, ArtifactStore store) : IAttemptLedger
{
    public async Task<JobTicket?> ClaimAsync(long jobId, string workerId, TimeSpan lease, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        try
        {
            // Sent together: one transaction and one journey.
            await using var read = await connection.QueryMultipleAsync(
                new CommandDefinition($"{ClaimSql}; {InputsSql}", new { jobId, workerId, lease, margin = JobNeeds.Margin },
                    cancellationToken: cancel));
            var claim = await read.ReadSingleOrDefaultAsync<ClaimRow>();
            var inputs = (await read.ReadAsync<InputRow>()).AsList();
            return claim is null ? null : Ticket(jobId, claim, inputs);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return null; // Another job of the same result was claimed at the same moment.
        }
    }

    /// <summary>Synchronous: the heartbeat has a thread of its own, which no busy thread pool may hold up.</summary>
    public Heartbeat Beat(string workerId, long? token, TimeSpan lease, ReportedProgress? progress, bool leaving = false,
        TimeSpan? longestSave = null)
    {
        using var connection = database.OpenConnection();
        return connection.QuerySingle<Heartbeat>(
            """
            with worker as (
              update amnre.workers set heartbeat_at = now(), draining = draining or @leaving,
                save_seconds = coalesce(@saveSeconds, save_seconds)
              where id = @workerId and ended_at is null returning draining),
            attempt as (
              update amnre.attempts a set lease_until = now() + @lease, progress = coalesce(@progress::jsonb, a.progress)
              from amnre.jobs j join amnre.experiments e on e.id = j.experiment_id
              where a.token = @token and a.ended_at is null and j.id = a.job_id
              returning e.cancel_requested_at is not null or j.cancel_requested_at is not null as stop, e.pause_drains as hand_back)
            select exists (select from worker) as known, exists (select from attempt) as held,
              coalesce((select stop from attempt), false) as stop, coalesce((select draining from worker), false) as drain,
              coalesce((select hand_back from attempt), false) as hand_back
            """,
            new
            {
                workerId,
                token,
                lease,
                progress = progress is null
                ? null
                : LedgerText.OfProgress(progress),
                leaving,
                saveSeconds = longestSave?.TotalSeconds
            });
    }

    public async Task<bool> CommitAsync(JobTicket ticket, IReadOnlyList<ArtifactRecord> made, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        if (await Publication.WriteAsync(connection, ticket, made, cancel)) return true;

        // A commit whose answer was lost on the way is tried again and must learn that it won.
        return await connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition(
            "select outcome from amnre.attempts where token = @Token", new { ticket.Token }, cancellationToken: cancel))
                == LedgerText.Of(AttemptOutcome.Succeeded);
    }

    public async Task<bool> EndAsync(long token, AttemptOutcome outcome, FailureClass? failure, string? message,
        CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        var ended = await AttemptEnds.SetAsync(connection, token, outcome, failure, message, cancel);
        if (!ended)
        {
            // The worker lives to tell: what the rescuer took for its death was only silence, and must not count towards poison.
            await connection.ExecuteAsync(
                "update amnre.attempts set worker_survived = true where token = @token and outcome = 'lost'", new { token });
        }

        return ended;
    }

    public async Task<bool> DamagedAsync(JobTicket ticket, IReadOnlyList<DamagedInput> found, string message, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        return await Withdrawal.WriteAsync(connection, ticket.Token, found, message, cancel);
    }

    private JobTicket Ticket(long jobId, ClaimRow claim, IReadOnlyList<InputRow> inputs)
    {
        var fingerprint = Fingerprint.Parse(claim.Fingerprint);
        return new JobTicket
        {
            JobId = jobId,
            Token = claim.Token,
            Attempt = claim.Attempt,
            Experiment = claim.Experiment,
            Name = claim.Name,
            Kind = LedgerText.Read<JobKind>(claim.Kind),
            Settings = claim.Settings,
            Fingerprint = fingerprint,
            Inputs = [.. inputs.Where(input => input.Name is not null && new JobOutput(input.Output, null).Matches(input.Name))
                .Select(input => new TicketInput(input.Role, input.Job, input.Name!, store.Absolute(input.Path!))
                {
                    Token = input.Token,
                    Bytes = input.Bytes,
                    Sha256 = input.Sha256!,
                })],
            Unpublished = [.. inputs.Where(input => input.Token == 0).Select(input => input.Job).Distinct()],
            StoreId = claim.StoreId,
            Outputs = LedgerText.Outputs(claim.Outputs),
            Resources = new JobResources
            {
                Cpus = claim.Cpus,
                Gpus = claim.Gpus,
                MemoryBytes = claim.MemoryBytes,
                Time = claim.TimeLimit,
                SameKind = claim.SameKind,
            },
            Traceparent = claim.Traceparent,
            OutputDirectory = store.AttemptDirectory(fingerprint, claim.Token),
            CheckpointDirectory = store.CheckpointDirectory(fingerprint),
        };
    }

    private static readonly string ClaimSql =
        $"""
        with claimed as (
        update amnre.jobs j set state = '{LedgerText.Of(Passage.Claimed.To)}', token = nextval('amnre.tokens'), queued_at = null, reason = null
        from amnre.experiments e
        where j.id = @jobId and j.state = '{LedgerText.Of(Passage.Claimed.From)}' and e.id = j.experiment_id
          and e.cancel_requested_at is null and e.paused_at is null and j.cancel_requested_at is null
          and exists (select from amnre.workers w where w.id = @workerId and w.ended_at is null and not w.draining
            and {JobNeeds.FitsSql})
          and not exists (select from amnre.attempts a where a.fingerprint = j.fingerprint and a.ended_at is null)
        returning j.token, e.name as experiment, j.name, j.kind, j.settings, j.fingerprint, j.outputs,
          j.cpus, j.gpus, j.memory_bytes, j.time_limit, j.same_kind, coalesce(j.traceparent, e.traceparent) as traceparent),
        begun as (
        insert into amnre.attempts (token, job_id, fingerprint, number, worker, lease_until, device)
        select c.token, @jobId, c.fingerprint, 1 + (select count(*) from amnre.attempts a where a.job_id = @jobId), @workerId,
          now() + @lease,
          case when c.gpus > 0 then w.device else w.device - 'gpu' end || jsonb_build_object('threads',
            coalesce(nullif(c.settings::jsonb -> 'threads', 'null'), to_jsonb(c.cpus)))
        from claimed c join amnre.workers w on w.id = @workerId
        returning number)
        select c.*, b.number as attempt, (select id from amnre.store) as store_id from claimed c cross join begun b
        """;

    private const string InputsSql =
        """
        select e.ordinal, e.role, p.name as job, e.output, coalesce(u.token, 0) as token, a.name, a.path, coalesce(a.bytes, 0) as bytes,
          a.sha256
        from amnre.edges e join amnre.jobs p on p.id = e.producer_id
        left join amnre.publications u on u.fingerprint = p.fingerprint
        left join amnre.artifacts a on a.token = u.token
        where e.job_id = @jobId order by e.ordinal, a.name collate "C"
        """;

    private sealed record ClaimRow
    {
        public long Token { get; init; }

        public int Attempt { get; init; }

        public string Experiment { get; init; } = "";

        public string Name { get; init; } = "";

        public string Kind { get; init; } = "";

        public string Settings { get; init; } = "";

        public string Fingerprint { get; init; } = "";

        public string Outputs { get; init; } = "";

        public int Cpus { get; init; }

        public int Gpus { get; init; }

        public long MemoryBytes { get; init; }

        public TimeSpan? TimeLimit { get; init; }

        public bool SameKind { get; init; }

        public string? Traceparent { get; init; }

        public string? StoreId { get; init; }
    }

    private sealed record InputRow
    {
        public string Role { get; init; } = "";

        public string Job { get; init; } = "";

        public string Output { get; init; } = "";

        public string? Name { get; init; }

        public string? Path { get; init; }

        public long Token { get; init; }

        public long Bytes { get; init; }

        public string? Sha256 { get; init; }
    }
}
