using Amnre.Engine.Imports;
using Amnre.Engine.Settings;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Statements;
using Npgsql;

namespace Amnre.Jobs.Garbage;

/// <summary>The collector's side of the ledger.</summary>
internal sealed class GarbageLedger(NpgsqlDataSource database)
{
    public async Task<DateTime> NowAsync(CancellationToken cancel)
    {
        return await database.QuerySingleAsync<DateTime>("select now()", null, cancel);
    }

    public async Task<IReadOnlyDictionary<long, AttemptStanding>> AttemptsAsync(IReadOnlyList<long> tokens, CancellationToken cancel)
    {
        return (await database.QueryAsync<AttemptStanding>(
            $"""
            select x.token, x.ended_at, exists (select from amnre.publications p where p.token = x.token) as publishes,
              exists (select from amnre.artifacts f where f.token = x.token) as published, {PublicationStatements.Read} as read, {PublicationStatements.Wanted} as wanted
            from amnre.attempts x where x.token = any(@Tokens)
            """, new { Tokens = tokens.ToArray() }, cancel)).ToDictionary(one => one.Token);
    }

    public async Task<IReadOnlyDictionary<string, CheckpointStanding>> CheckpointsAsync(IReadOnlyList<string> fingerprints,
        CancellationToken cancel)
    {
        return (await database.QueryAsync<CheckpointStanding>(
            $"""
            select x.fingerprint, exists (select from amnre.publications p where p.fingerprint = x.fingerprint) as published,
              exists (select from amnre.attempts a where a.fingerprint = x.fingerprint and a.ended_at is null)
                or exists (select from amnre.jobs j where j.fingerprint = x.fingerprint and j.finished_at is null) as under_way,
              {PublicationStatements.Wanted} as wanted, (select max(j.finished_at) from amnre.jobs j where j.fingerprint = x.fingerprint) as finished_at
            from unnest(@Fingerprints) as x(fingerprint)
            where exists (select from amnre.jobs j where j.fingerprint = x.fingerprint)
            """, new { Fingerprints = fingerprints.ToArray() }, cancel)).ToDictionary(one => one.Fingerprint,
            StringComparer.Ordinal);
    }

    /// <summary>Each file that a job imports, by its SHA-256.</summary>
    public async Task<IReadOnlyDictionary<string, InputStanding>> InputsAsync(CancellationToken cancel)
    {
        var imports = await database.QueryAsync<(string Settings, bool Wanted)>(
            $"""
            select x.settings, {PublicationStatements.Wanted} as wanted
            from (select distinct fingerprint, settings from amnre.jobs where kind = 'import') as x
            """, null, cancel);
        return imports.SelectMany(import => ArrayImport.FilesOf(CanonicalJson.Read<ImportSettings>(import.Settings))
                .Select(file => (file.Sha256, import.Wanted)))
            .GroupBy(one => one.Sha256, StringComparer.Ordinal)
            .ToDictionary(same => same.Key, same => new InputStanding(same.Any(one => one.Wanted)), StringComparer.Ordinal);
    }

    /// <summary>Forgets the files of attempts, so that they are no longer looked for; the files themselves may go afterwards.
    /// What is published or read again meanwhile stays.</summary>
    /// <param name="tokens">Attempts that have ended.</param>
    /// <param name="earlierVersions">Also withdraw what stands for a result that is no longer wanted.</param>
    /// <param name="cancel">Cancels; nothing is forgotten then.</param>
    /// <returns>Attempts that now have nothing to do with any result.</returns>
    public async Task<IReadOnlyList<long>> ForgetAsync(IReadOnlyList<long> tokens, bool earlierVersions, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var given = new { Tokens = tokens.ToArray(), earlierVersions };
        await connection.ExecuteAsync(PublicationStatements.Forget, given, cancel);
        await connection.ExecuteAsync(PublicationStatements.ForgetFiles, given, cancel);
        var free = await connection.QueryAsync<long>(
            """
            select a.token from amnre.attempts a where a.token = any(@Tokens) and a.ended_at is not null
              and not exists (select from amnre.publications p where p.token = a.token)
              and not exists (select from amnre.artifacts f where f.token = a.token)
            """, given, cancel);
        await transaction.CommitAsync(cancel);
        return free;
    }

    /// <summary>Old events of ended experiments, except those that say a result came out differently or who asked for what, and the
    /// transport's finished deliveries.</summary>
    /// <param name="before">Of the database's clock.</param>
    /// <param name="remove">Otherwise they are only counted.</param>
    /// <param name="cancel">Cancels.</param>
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
            ? (await connection.ExecuteAsync($"delete {Events}", new { before }, cancel),
               await connection.ExecuteAsync($"delete {Deliveries}", new { before }, cancel))
            : (await connection.ExecuteScalarAsync<int>(
                $"select count(*)::int {Events}", new { before }, cancel),
               await connection.ExecuteScalarAsync<int>(
                   $"select count(*)::int {Deliveries}", new { before }, cancel));
    }
}
