using Amnre.Jobs.Ledger;
using Dapper;

namespace Amnre.EndToEnd.Tests;

/// <summary>Trainings that run as ever and are published only when a test lets them: whatever the machine's speed, one is under way for as
/// long as the test wants it to be.</summary>
internal static class HeldTrainings
{
    /// <summary>The statement that publishes waits before it locks anything, so heartbeats and rescuers go on meanwhile. A row says until
    /// when: it outlives sessions and crashes of the server.</summary>
    private const string Sql =
        """
        create schema test;
        create table test.held (yes bool not null);
        insert into test.held values (true);
        create function test.hold() returns trigger language plpgsql as $$
        begin
          if current_query() like '%into amnre.publications%' and exists (
            select from amnre.attempts a join amnre.jobs j on j.id = a.job_id
            where a.ended_at is null and j.kind = 'train' and left('amnre worker ' || a.worker, 63) = current_setting('application_name')) then
            while (select yes from test.held) loop perform pg_sleep(0.05); end loop;
          end if;
          return null;
        end $$;
        create trigger hold before update of ended_at on amnre.attempts for each statement execute function test.hold();
        """;

    /// <param name="connectionString">Of a database that may be empty yet.</param>
    public static async Task HoldAsync(string connectionString, CancellationToken stop)
    {
        await using var database = LedgerDatabase.Open(connectionString, "tests");
        await LedgerSchema.MigrateAsync(database, stop);
        await using var connection = await database.OpenConnectionAsync(stop);
        await connection.ExecuteAsync(Sql);
    }

    public static async Task LetGoAsync(string connectionString, CancellationToken stop)
    {
        await using var database = LedgerDatabase.Open(connectionString, "tests");
        await using var connection = await database.OpenConnectionAsync(stop);
        await connection.ExecuteAsync("update test.held set yes = false");
    }

    /// <summary>Whether the worker of that name has a training done and waits to publish it.</summary>
    public static async Task<bool> AnyOfAsync(string connectionString, string worker, CancellationToken stop)
    {
        await using var database = LedgerDatabase.Open(connectionString, "tests");
        await using var connection = await database.OpenConnectionAsync(stop);
        return await connection.ExecuteScalarAsync<bool>(
            "select exists (select from pg_stat_activity where application_name = left('amnre worker ' || @worker, 63) and wait_event = " +
                "'PgSleep' and datname = current_database())", new { worker });
    }
}
