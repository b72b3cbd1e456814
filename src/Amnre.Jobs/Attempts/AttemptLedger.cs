using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Statements;
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
                $"{JobStatements.Claim}; {InputsSql}", new { jobId, workerId, lease, margin = JobNeeds.Margin }, cancel);
            var claim = await read.ReadSingleOrDefaultAsync<ClaimRow>();
            var inputs = (await read.ReadAsync<InputRow>()).ToList();
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
        return connection.QuerySingle<Heartbeat>(AttemptStatements.Beat, new
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

        // A commit whose answer was lost on the way is retried and must learn that it won.
        return await connection.QuerySingleOrDefaultAsync<string>(
            "select outcome from amnre.attempts where token = @Token", new { ticket.Token }, cancel)
                == LedgerText.Of(AttemptOutcome.Succeeded);
    }

    public async Task<bool> EndAsync(long token, AttemptOutcome outcome, FailureClass? failure, string? message,
        CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        var ended = await AttemptEnds.SetAsync(connection, token, outcome, failure, message, cancel);
        if (!ended)
        {
            // The worker lives to tell: what the rescuer took for its death was only a heartbeat timeout, and must not count towards
            // poison.
            await connection.ExecuteAsync(AttemptStatements.Survive, new { token }, cancel);
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
            UserFile = new StoreInputs(store).PathOf,
        };
    }

    private const string InputsSql =
        """
        select e.ordinal, e.role, p.name as job, e.output, coalesce(u.token, 0) as token, f.name, f.path, coalesce(f.bytes, 0) as bytes,
          f.sha256
        from amnre.edges e join amnre.jobs p on p.id = e.producer_id
        left join amnre.publications u on u.fingerprint = p.fingerprint
        left join amnre.artifacts f on f.token = u.token
        where e.job_id = @jobId and not (e.optional and p.state = 'pruned') order by e.ordinal, f.name collate "C"
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
