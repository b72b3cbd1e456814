using System.Globalization;
using Amnre.Engine;
using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Views;
using Amnre.Jobs.Workers;
using Npgsql;

namespace Amnre.Cli.Diagnosis;

/// <summary>Whether the ledger's PostgreSQL is one to rely on, and those who use it agree with us.</summary>
internal sealed class DatabaseChecks(string? connectionString, string store, TimeProvider clock)
{
    private const int OldestVersion = 14;
    private static readonly TimeSpan LargestSkew = TimeSpan.FromSeconds(2);

    public async Task<IReadOnlyList<Finding>> AllAsync(CancellationToken stop)
    {
        if (connectionString is null)
            return [new Finding("database", Verdict.Absent, "none is named: commands use the store's own, on this machine alone",
                "for several machines set AMNRE_POSTGRES")];
        await using var database = LedgerDatabase.Open(connectionString, "amnre doctor");
        try
        {
            await using var connection = await database.OpenConnectionAsync(stop);
            List<Finding> findings = [Version(connection), await PrivilegesAsync(connection, stop), await SafetyAsync(connection, stop),
                await ConnectionsAsync(connection, stop), await SkewAsync(connection, stop), await PoolerAsync(database, connection, stop),
                await SchemaAsync(database, stop)];
            if (await ScalarAsync<bool>(connection, "select to_regclass('amnre.pools') is not null", stop))
            {
                findings.Add(await StoreAsync(database, stop));
                findings.Add(await ResultsAsync(connection, stop));
                findings.Add(await VersionsAsync(database, stop));
            }

            return findings;
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            var to = new NpgsqlConnectionStringBuilder(connectionString);
            return [new Finding("database", Verdict.Broken, $"{to.Host}:{to.Port} cannot be connected to: {e.Message}",
                "look at the host, the port and the firewall between this node and it; the password goes into ~/.pgpass, AMNRE_POSTGRES " +
                    "or the file of AMNRE_POSTGRES_PASSWORD_FILE")];
        }
    }

    private static Finding Version(NpgsqlConnection connection) => connection.PostgreSqlVersion.Major < OldestVersion
        ? new Finding("database", Verdict.Broken, $"PostgreSQL {connection.PostgreSqlVersion}",
            $"version {OldestVersion} or later is needed")
        : new Finding("database", Verdict.Fine, $"PostgreSQL {connection.PostgreSqlVersion} at {connection.Host}:{connection.Port}");

    private static async Task<Finding> PrivilegesAsync(NpgsqlConnection connection, CancellationToken stop) =>
        await ScalarAsync<bool>(connection,
            """
            select coalesce((select bool_and(pg_has_role(nspowner, 'member')) from pg_namespace
              where nspname in ('amnre', 'hangfire') having count(*) = 2), has_database_privilege(current_database(), 'create'))
            """, stop)
            ? new Finding("privileges", Verdict.Fine, $"{connection.UserName} may make and change the ledger's tables")
            : new Finding("privileges", Verdict.Broken, $"{connection.UserName} may not make the ledger's tables in {connection.Database}",
                $"as its owner: grant create on database {connection.Database} to {connection.UserName}; or make both schemas for it: " +
                    $"create schema amnre authorization {connection.UserName}; create schema hangfire authorization {connection.UserName}");

    private static async Task<Finding> PoolerAsync(NpgsqlDataSource database, NpgsqlConnection connection, CancellationToken stop)
    {
        try
        {
            await Pooler.RequireSessionsAsync(database, stop);
            return await Pooler.IsBetweenAsync(connection, stop)
                ? new Finding("pooler", Verdict.Doubtful, "a pooler (PgBouncer) is before the database, and keeps sessions",
                    "a worker holds up to five at once: its pool (default_pool_size) must have as many for each; or name PostgreSQL's " +
                        "own address")
                : new Finding("pooler", Verdict.Fine, "none: connections go to PostgreSQL itself");
        }
        catch (InputException refused)
        {
            return new Finding("pooler", Verdict.Broken, refused.Message);
        }
    }

    private static async Task<Finding> SchemaAsync(NpgsqlDataSource database, CancellationToken stop) =>
        await LedgerSchema.RefusalAsync(database, stop) is { } refusal
        ? new Finding("schema", Verdict.Broken, refusal)
        : new Finding("schema", Verdict.Fine, $"the ledger's schema fits this build, {ProgramVersion.Build}");

    private static async Task<Finding> SafetyAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        var off = (await ScalarAsync<string>(connection,
            "select coalesce(string_agg(name, ', '), '') from pg_settings where name in ('fsync', 'full_page_writes') and " +
                "setting = 'off'", stop))!;
        return off.Length > 0
            ? new Finding("durability", Verdict.Doubtful, $"{off} off: a crash of the database's host may lose the ledger",
                "set it on in postgresql.conf")
            : new Finding("durability", Verdict.Fine, "commits are on the disk");
    }

    private static async Task<Finding> ConnectionsAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        var free = await ScalarAsync<int>(connection,
            "select current_setting('max_connections')::int - (select count(*)::int from pg_stat_activity)", stop);
        return new Finding("connections", free < 20
            ? Verdict.Doubtful
            : Verdict.Fine, $"{free} left, enough for about {free / LedgerDatabase.ConnectionsOfWorker} more workers",
            free < 20 ? "raise max_connections in postgresql.conf" : null);
    }

    private async Task<Finding> SkewAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        var before = clock.GetUtcNow();
        var there = await ScalarAsync<DateTime>(connection, "select clock_timestamp()", stop);
        var after = clock.GetUtcNow();
        var skew = there - (before + (after - before) / 2).UtcDateTime;
        var said = string.Create(CultureInfo.InvariantCulture,
            $"{Math.Abs(skew.TotalSeconds):0.00} s {(skew < TimeSpan.Zero ? "ahead of" : "behind")} the database's");
        return skew.Duration() - (after - before) > LargestSkew
            ? new Finding("clock", Verdict.Doubtful, said,
                "leases tolerate it, times shown and the ends of allocations do not: have the clocks set by NTP (chronyc tracking)")
            : new Finding("clock", Verdict.Fine, said);
    }

    private async Task<Finding> StoreAsync(NpgsqlDataSource database, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        if (await ScalarAsync<string>(connection, "select to_regclass('amnre.store')::text", stop) is null
            || await new StoreLedger(database).KnownAsync(stop) is not { } known)
            return new Finding("store identity", Verdict.Absent,
                "the ledger knows no store yet: the first scheduler or submission registers one");
        try
        {
            return StoreLedger.Refusal(known, store, StoreIdentity.Read(store)) is { } refusal
                ? new Finding("store identity", Verdict.Broken, refusal,
                    "mount the ledger's store here, or name it with --store or AMNRE_STORE")
                : new Finding("store identity", Verdict.Fine, $"store {known.Id}, as the ledger says");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InputException)
        {
            return new Finding("store identity", Verdict.Broken, e.Message);
        }
    }

    private async Task<Finding> ResultsAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(
            "select f.path, f.bytes from amnre.publications p join amnre.artifacts f on f.token = p.token order by p.published_at " +
                "desc limit 5", connection);
        await using var reader = await command.ExecuteReaderAsync(stop);
        var seen = 0;
        while (await reader.ReadAsync(stop))
        {
            var file = new FileInfo(Path.Combine(store, reader.GetString(0)));
            if (!file.Exists || file.Length != reader.GetInt64(1))
                return new Finding("same store", Verdict.Broken,
                    $"the ledger has {file.FullName} of {reader.GetInt64(1)} bytes, which is not there",
                    "this node sees another store than the workers: mount the same file system, or name it with --store");
            seen++;
        }

        return new Finding("same store", Verdict.Fine, seen == 0 ? "nothing is published yet" : "what the ledger published last is here");
    }

    private static async Task<Finding> VersionsAsync(NpgsqlDataSource database, CancellationToken stop)
    {
        var ours = ProgramVersion.Build;
        var workers = await new ExperimentViews(database).WorkersAsync(stop);
        var others = workers.Where(worker => worker.Version != ours).ToList();
        if (ProgramVersion.Refusal(ours, "program",
            (await new SchedulerRegistry(database).LiveAsync(stop)).Select(scheduler => scheduler.Version)) is { } refusal)
            return new Finding("versions", Verdict.Broken, refusal, "install one version everywhere");
        return others.Count == 0
            ? new Finding("versions", Verdict.Fine, $"{ours}, as all of {workers.Count} workers")
            : new Finding("versions", Verdict.Doubtful,
                $"this is {ours}; {others.Count} of {workers.Count} workers run another, such as {others[0].Id}: " +
                    $"{others[0].Version ?? "unknown"}",
                "install one version everywhere; 'amnre drain' lets workers leave when their work is saved");
    }

    private static async Task<T?> ScalarAsync<T>(NpgsqlConnection connection, string sql, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (T?)await command.ExecuteScalarAsync(stop);
    }
}
