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

    private const long MigrationLock = 0x616d6e7265_01;

    /// <summary>Any number of processes may call this at once: one migrates, the others wait for it on an advisory lock.</summary>
    /// <exception cref="LedgerSchemaException">A migration failed; the database is as before it.</exception>
    public static async Task MigrateAsync(NpgsqlDataSource database, CancellationToken cancel)
    {
        await using var guard = await database.OpenConnectionAsync(cancel);
        await ExecuteAsync(guard, "set lock_timeout = 0; set statement_timeout = 0", cancel);
        await ExecuteAsync(guard, $"select pg_advisory_lock({MigrationLock})", cancel, timeoutSeconds: 120);
        try
        {
            await ExecuteAsync(guard, "create schema if not exists amnre", cancel);
            var result = DeployChanges.To
                .PostgresqlDatabase(new PostgresqlConnectionManager(database))
                .WithScriptsEmbeddedInAssembly(typeof(LedgerSchema).Assembly, name => name.Contains(".Migrations.", StringComparison.Ordinal))
                .JournalToPostgresqlTable("amnre", "migrations")
                .WithTransactionPerScript()
                .WithVariablesDisabled()
                .LogTo(new NoOpUpgradeLog())
                .Build()
                .PerformUpgrade();
            if (!result.Successful)
            {
                throw new LedgerSchemaException($"migration '{result.ErrorScript?.Name}' failed: {result.Error.Message}", result.Error);
            }

            PostgreSqlObjectsInstaller.Install(guard, TransportSchema);
        }
        finally
        {
            await ExecuteAsync(guard, $"select pg_advisory_unlock({MigrationLock})", CancellationToken.None);
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancel, int timeoutSeconds = 20)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = timeoutSeconds };
        await command.ExecuteNonQueryAsync(cancel);
    }
}

/// <summary>The database could not be brought to this program's schema.</summary>
public sealed class LedgerSchemaException(string message, Exception inner) : Exception(message, inner);
