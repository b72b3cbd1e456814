using Amnre.Jobs.Ledger;
using Dapper;
using Npgsql;

namespace Amnre.Jobs.Garbage;

/// <summary>The collector's side of the ledger.</summary>
internal sealed class GarbageLedger(NpgsqlDataSource database)
{
    /// <summary>Someone may look at it or build on it: the newest version of an experiment, or one that has not ended.</summary>
    private const string Wanted =
        """
        exists (select from amnre.jobs j join amnre.experiments e on e.id = j.experiment_id where j.fingerprint = x.fingerprint
          and (e.finished_at is null or not exists (select from amnre.experiments o where o.name = e.name and o.version > e.version)))
        """;

    private const string Read =
        """
        exists (select from amnre.attempts r join amnre.edges d on d.job_id = r.job_id join amnre.jobs p on p.id = d.producer_id
          where r.ended_at is null and p.fingerprint = x.fingerprint)
        """;

    public async Task<DateTime> NowAsync(CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        return await connection.QuerySingleAsync<DateTime>(new CommandDefinition("select now()", cancellationToken: cancel));
    }

    public async Task<IReadOnlyDictionary<long, AttemptStanding>> AttemptsAsync(IReadOnlyList<long> tokens, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        return (await connection.QueryAsync<AttemptStanding>(new CommandDefinition(
            $"""
            select x.token, x.ended_at, exists (select from amnre.publications p where p.token = x.token) as publishes,
              exists (select from amnre.artifacts f where f.token = x.token) as published, {Read} as read, {Wanted} as wanted
            from amnre.attempts x where x.token = any(@Tokens)
            """, new { Tokens = tokens.ToArray() }, cancellationToken: cancel))).ToDictionary(one => one.Token);
    }

    public async Task<IReadOnlyDictionary<string, CheckpointStanding>> CheckpointsAsync(IReadOnlyList<string> fingerprints,
        CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        return (await connection.QueryAsync<CheckpointStanding>(new CommandDefinition(
            $"""
            select x.fingerprint, exists (select from amnre.publications p where p.fingerprint = x.fingerprint) as published,
              exists (select from amnre.attempts a where a.fingerprint = x.fingerprint and a.ended_at is null)
                or exists (select from amnre.jobs j where j.fingerprint = x.fingerprint and j.finished_at is null) as under_way,
              {Wanted} as wanted, (select max(j.finished_at) from amnre.jobs j where j.fingerprint = x.fingerprint) as finished_at
            from unnest(@Fingerprints) as x(fingerprint)
            where exists (select from amnre.jobs j where j.fingerprint = x.fingerprint)
            """, new { Fingerprints = fingerprints.ToArray() }, cancellationToken: cancel))).ToDictionary(one => one.Fingerprint,
            StringComparer.Ordinal);
    }

    /// <summary>Forgets the files of attempts, so that nobody will look for them; the files themselves may go afterwards.
    /// What is published or read again meanwhile stays.</summary>
    /// <param name="tokens">Attempts that have ended.</param>
    /// <param name="earlierVersions">Also withdraw what stands for a result that nobody wants.</param>
    /// <param name="cancel">Gives up; nothing is forgotten then.</param>
    /// <returns>Attempts that now have nothing to do with any result.</returns>
    public async Task<IReadOnlyList<long>> ForgetAsync(IReadOnlyList<long> tokens, bool earlierVersions, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var given = new { Tokens = tokens.ToArray(), earlierVersions };
        await connection.ExecuteAsync(new CommandDefinition(
            $"delete from amnre.publications x where x.token = any(@Tokens) and @earlierVersions and not {Wanted} and not {Read}", given,
            cancellationToken: cancel));
        await connection.ExecuteAsync(new CommandDefinition(
            $"""
            delete from amnre.artifacts x where x.token = any(@Tokens)
              and not exists (select from amnre.publications p where p.token = x.token) and not {Read}
            """, given, cancellationToken: cancel));
        var free = (await connection.QueryAsync<long>(new CommandDefinition(
            """
            select a.token from amnre.attempts a where a.token = any(@Tokens) and a.ended_at is not null
              and not exists (select from amnre.publications p where p.token = a.token)
              and not exists (select from amnre.artifacts f where f.token = a.token)
            """, given, cancellationToken: cancel))).AsList();
        await transaction.CommitAsync(cancel);
        return free;
    }

    /// <summary>Old events of ended experiments, except those that say a result came out differently or who asked for what, and the
    /// transport's finished deliveries.</summary>
    /// <param name="before">Of the database's clock.</param>
    /// <param name="remove">Otherwise they are only counted.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<(int Events, int Deliveries)> RowsAsync(DateTime before, bool remove, CancellationToken cancel)
    {
        const string Events =
            """
            from amnre.events v where v.at < @before and v.kind not in ('drift', 'variation', 'damage', 'asked')
              and not exists (select from amnre.experiments e where e.id = v.experiment_id and e.finished_at is null)
            """;
        const string Deliveries =
            $"""
            from {LedgerSchema.TransportSchema}.job h where h.createdat < @before
              and not exists (select from {LedgerSchema.TransportSchema}.jobqueue q where q.jobid = h.id)
            """;
        await using var connection = await database.OpenConnectionAsync(cancel);
        return remove
            ? (await connection.ExecuteAsync(new CommandDefinition($"delete {Events}", new { before }, cancellationToken: cancel)),
               await connection.ExecuteAsync(new CommandDefinition($"delete {Deliveries}", new { before }, cancellationToken: cancel)))
            : (await connection.ExecuteScalarAsync<int>(
                new CommandDefinition($"select count(*)::int {Events}", new { before }, cancellationToken: cancel)),
               await connection.ExecuteScalarAsync<int>(
                   new CommandDefinition($"select count(*)::int {Deliveries}", new { before }, cancellationToken: cancel)));
    }
}
