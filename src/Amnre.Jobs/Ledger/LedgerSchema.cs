using Amnre.Engine;
using Dapper;
using DbUp;
using DbUp.Engine.Output;
using DbUp.Postgresql;
using Hangfire.PostgreSql;
using Npgsql;

namespace Amnre.Jobs.Ledger;

/// <summary>Brings the database to this program's schema: the ledger's numbered migrations, then the transport's own.</summary>
public static class LedgerSchema
{
    public const string TransportSchema = "hangfire";

    /// <summary>What <see cref="Transport.JobTransport"/> is written for.</summary>
    private const int TransportVersion = 23;

    private const long MigrationLock = 0x616d6e7265_01;

    /// <summary>Any number of processes may call this at once: one migrates, the others wait for it on an advisory lock.</summary>
    /// <exception cref="LedgerSchemaException">A migration failed; the database is as before it.</exception>
    /// <exception cref="InputException">The database was brought to the schema of a newer program; nothing was touched.</exception>
    public static async Task MigrateAsync(NpgsqlDataSource database, CancellationToken cancel)
    {
        await Pooler.RequireSessionsAsync(database, cancel);
        await using var guard = await database.OpenConnectionAsync(cancel);
        await ExecuteAsync(guard, "set lock_timeout = 0; set statement_timeout = 0", cancel);
        await ExecuteAsync(guard, $"select pg_advisory_lock({MigrationLock})", cancel, timeoutSeconds: 120);
        try
        {
            await RefuseNewerAsync(guard, cancel);
            await RefuseInUseAsync(guard, cancel);
            await MakeSchemaAsync(guard, cancel);
            var result = DeployChanges.To
                .PostgresqlDatabase(new PostgresqlConnectionManager(database))
                .WithScriptsEmbeddedInAssembly(typeof(LedgerSchema).Assembly, IsMigration)
                .JournalToPostgresqlTable("amnre", "migrations")
                .WithTransactionPerScript()
                .WithVariablesDisabled()
                .LogTo(new NoOpUpgradeLog())
                .Build()
                .PerformUpgrade();
            if (!result.Successful)
            {
                throw new LedgerSchemaException(
                    $"the database could not be brought to this program's schema: migration {Short(result.ErrorScript?.Name ?? "")} " +
                        $"failed: {result.Error.Message}. Nothing of it was kept; is the schema 'amnre' another program's?", result.Error);
            }

            PostgreSqlObjectsInstaller.Install(guard, TransportSchema);
        }
        finally
        {
            // The connection goes back into its pool as it came.
            await ExecuteAsync(guard, $"select pg_advisory_unlock({MigrationLock}); reset lock_timeout; reset statement_timeout",
                CancellationToken.None);
        }
    }

    /// <summary>Why this program would refuse the database as it is; null when it would not. Changes nothing.</summary>
    public static async Task<string?> RefusalAsync(NpgsqlDataSource database, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        try
        {
            await RefuseNewerAsync(connection, cancel);
            await RefuseInUseAsync(connection, cancel);
            return null;
        }
        catch (InputException refused)
        {
            return refused.Message;
        }
    }

    /// <summary>Asked for only where it is not there: a role that owns it may have no right to make any.</summary>
    private static async Task MakeSchemaAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        if (await connection.ExecuteScalarAsync<bool>(
            new CommandDefinition("select to_regnamespace('amnre') is null", cancellationToken: cancel)))
            await ExecuteAsync(connection, "create schema if not exists amnre", cancel);
    }

    /// <summary>A schema that has more than this program knows of has changes whose meaning it cannot know.</summary>
    private static async Task RefuseNewerAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        var known = typeof(LedgerSchema).Assembly.GetManifestResourceNames().Where(IsMigration).ToHashSet(StringComparer.Ordinal);
        if (await connection.ExecuteScalarAsync<bool>(
            new CommandDefinition("select to_regclass('amnre.migrations') is not null", cancellationToken: cancel)))
        {
            var done = await connection.QueryAsync<string>(
                new CommandDefinition("select scriptname from amnre.migrations order by scriptname", cancellationToken: cancel));
            if (done.LastOrDefault(name => !known.Contains(name)) is { } newer)
                throw Newer($"its schema is at {Short(newer)}",
                    $"knows the ledger's schema up to {Short(known.Max(StringComparer.Ordinal)!)}");
        }

        if (await connection.ExecuteScalarAsync<bool>(
            new CommandDefinition($"select to_regclass('{TransportSchema}.schema') is not null", cancellationToken: cancel))
            && await connection.ExecuteScalarAsync<int>(
                new CommandDefinition($"select coalesce(max(version), 0) from {TransportSchema}.schema", cancellationToken: cancel))
                    is var version and > TransportVersion)
        {
            throw Newer($"the transport's schema in it is at version {version}", $"knows version {TransportVersion}");
        }
    }

    /// <summary>A scheduler that runs on the schema as it is knows nothing of a later one.</summary>
    private static async Task RefuseInUseAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        if (!await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "select to_regclass('amnre.migrations') is not null and to_regclass('amnre.schedulers') is not null",
            cancellationToken: cancel))) return;
        var done = (await connection.QueryAsync<string>(
            new CommandDefinition("select scriptname from amnre.migrations", cancellationToken: cancel))).ToHashSet(StringComparer.Ordinal);
        var pending = typeof(LedgerSchema).Assembly.GetManifestResourceNames().Where(name => IsMigration(name) && !done.Contains(name))
            .Order(StringComparer.Ordinal).ToList();
        if (pending.Count == 0) return;
        if (await connection.QueryFirstOrDefaultAsync<(string Host, int Pid)?>(new CommandDefinition(
            "select host, pid from amnre.schedulers where heartbeat_at > now() - interval '30 seconds' order by leader desc",
            cancellationToken: cancel)) is var (host, pid))
        {
            throw new InputException(
                $"the database is in use by a scheduler of an older version (process {pid} on {host}), and this is version " +
                $"{ProgramVersion.Build}, which would change the schema ({Short(pending[0])}). "
                + "Stop that scheduler and let its workers leave ('amnre drain --all') before this version is started; nothing was " +
                    "changed. A scheduler that was killed counts as running for 30 s more.");
        }
    }

    private static InputException Newer(string found, string known) => new(
        $"the database was upgraded by a newer amnre: {found}, while this is version {ProgramVersion.Build} and {known}. "
        + "Start the version that upgraded it or a later one, or restore the backup that was taken before the upgrade; nothing " +
            "was changed.");

    private static bool IsMigration(string resource) => resource.Contains(".Migrations.", StringComparison.Ordinal);

    /// <summary><c>Amnre.Jobs.Ledger.Migrations.020_pages.sql</c> as people call it.</summary>
    private static string Short(string resource) =>
        resource[(resource.LastIndexOf(".Migrations.", StringComparison.Ordinal) is var at and >= 0 ? at + ".Migrations.".Length : 0)..];

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancel, int timeoutSeconds = 20)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = timeoutSeconds };
        await command.ExecuteNonQueryAsync(cancel);
    }
}

/// <summary>The database could not be brought to this program's schema.</summary>
public sealed class LedgerSchemaException(string message, Exception inner) : Exception(message, inner);
