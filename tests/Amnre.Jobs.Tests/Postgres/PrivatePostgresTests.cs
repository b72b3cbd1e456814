using Amnre.Engine;
using Amnre.Jobs.Postgres;
using Npgsql;

namespace Amnre.Jobs.Tests.Postgres;

public sealed class PrivatePostgresTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("amnre-postgres-").FullName;

    /// <summary>The server's account must be able to enter the folder; a temporary one is closed to others.</summary>
    public PrivatePostgresTests() => File.SetUnixFileMode(_folder, File.GetUnixFileMode(_folder) | UnixFileMode.OtherExecute);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task It_keeps_what_was_committed_from_one_start_to_the_next()
    {
        await using (var first = await PrivatePostgres.StartAsync(_folder, null, TestContext.Current.CancellationToken))
        {
            await ExecuteAsync(first, "create table kept (n int); insert into kept values (42)");
            Assert.Equal("on", await ExecuteAsync(first, "show fsync"));
            Assert.Equal("", await ExecuteAsync(first, "show listen_addresses"));
        }

        await using var second = await PrivatePostgres.StartAsync(_folder, null, TestContext.Current.CancellationToken);
        Assert.Equal(42, await ExecuteAsync(second, "select n from kept"));
    }

    [Fact]
    public async Task A_second_owner_is_refused_with_the_remedy()
    {
        await using var first = await PrivatePostgres.StartAsync(_folder, null, TestContext.Current.CancellationToken);

        var refused = await Assert.ThrowsAsync<InputException>(() =>
            PrivatePostgres.StartAsync(_folder, null, TestContext.Current.CancellationToken));

        Assert.Contains("in use by another amnre", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--store", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_may_join_and_the_last_that_leaves_stops_it()
    {
        var stop = TestContext.Current.CancellationToken;
        Assert.False(PrivatePostgres.Exists(_folder));
        var visitor = await PrivatePostgres.JoinAsync(_folder, null, stop);
        var owner = await PrivatePostgres.StartAsync(_folder, null, stop);
        Assert.Equal(visitor.ConnectionString, owner.ConnectionString);
        Assert.Equal(visitor.ConnectionString, PrivatePostgres.RunningIn(_folder));

        await owner.DisposeAsync();
        Assert.Equal(1, await ExecuteAsync(visitor, "select 1"));
        var second = await PrivatePostgres.StartAsync(_folder, null, stop);
        await visitor.DisposeAsync();
        Assert.Equal(1, await ExecuteAsync(second, "select 1"));
        await second.DisposeAsync();

        Assert.Null(PrivatePostgres.RunningIn(_folder));
        Assert.False(Directory.Exists(new Npgsql.NpgsqlConnectionStringBuilder(second.ConnectionString).Host));
    }

    [Fact]
    public async Task A_server_on_its_way_down_is_waited_for_and_started_again()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var first = await PrivatePostgres.StartAsync(_folder, null, stop);
        var guest = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(first.ConnectionString) { Pooling = false }.ConnectionString);
        await guest.OpenAsync(stop);
        // SIGTERM: takes no new connections, and goes when the last one has.
        var postmaster = (await File.ReadAllLinesAsync(Path.Combine(_folder, "server", "cluster", "postmaster.pid"), stop))[0];
        using var kill = System.Diagnostics.Process.Start("kill", [postmaster]);
        await kill.WaitForExitAsync(stop);
        await RefusedAsync(first);

        var joining = PrivatePostgres.JoinAsync(_folder, null, stop);
        await Task.Delay(TimeSpan.FromMilliseconds(500), stop);
        Assert.False(joining.IsCompleted);
        await guest.DisposeAsync();

        await using var second = await joining;
        Assert.Equal(1, await ExecuteAsync(second, "select 1"));
    }

    [Fact]
    public async Task Several_may_come_and_go_at_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            await using var visitor = await PrivatePostgres.JoinAsync(_folder, null, TestContext.Current.CancellationToken);
            Assert.Equal(1, await ExecuteAsync(visitor, "select 1"));
        }));

        Assert.Null(PrivatePostgres.RunningIn(_folder));
    }

    [Fact]
    public async Task A_first_start_that_was_killed_half_way_leaves_nothing_in_the_way()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "server", "cluster.new", "data", "base"));

        await using var server = await PrivatePostgres.StartAsync(_folder, null, TestContext.Current.CancellationToken);

        Assert.Equal(1, await ExecuteAsync(server, "select 1"));
    }

    [Fact]
    public async Task A_store_that_the_servers_account_cannot_enter_has_its_database_elsewhere_with_a_note_of_whose_it_is()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root needs another account for the server");
        File.SetUnixFileMode(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var home = ServerHome.Of(_folder, ServerAccount.Choose());
        try
        {
            await using (var server = await PrivatePostgres.StartAsync(_folder, null, TestContext.Current.CancellationToken))
                Assert.Equal(1, await ExecuteAsync(server, "select 1"));
            Assert.StartsWith("/var/lib/amnre/", home, StringComparison.Ordinal);
            Assert.True(Directory.Exists(Path.Combine(home, "cluster")));
            Assert.DoesNotContain(ServerHome.Abandoned(), one => one.Home == home);

            Directory.Delete(_folder, recursive: true);
            Assert.Contains(new AbandonedHome(home, _folder), ServerHome.Abandoned());
        }
        finally
        {
            Directory.Delete(home, recursive: true);
            Directory.CreateDirectory(_folder);
        }
    }

    [Fact]
    public void Only_a_home_that_names_a_folder_which_is_gone_is_abandoned()
    {
        foreach (var (home, note) in new[] { ("kept", _folder), ("gone", "/nowhere/store/postgres"), ("empty", "") })
        {
            Directory.CreateDirectory(Path.Combine(_folder, home));
            File.WriteAllText(Path.Combine(_folder, home, "belongs-to"), note);
        }

        Directory.CreateDirectory(Path.Combine(_folder, "silent"));
        Assert.Equal([new AbandonedHome(Path.Combine(_folder, "gone"), "/nowhere/store/postgres")], ServerHome.Abandoned(_folder));
        Assert.Empty(ServerHome.Abandoned(Path.Combine(_folder, "none")));
    }

    [Fact]
    public async Task A_program_that_is_missing_or_hangs_is_named()
    {
        var stop = TestContext.Current.CancellationToken;
        Assert.Contains("'no-such-program'",
            (await Assert.ThrowsAsync<InputException>(
                () => SystemProgram.RunAsync("no-such-program", [], TimeSpan.FromSeconds(5), stop))).Message, StringComparison.Ordinal);
        Assert.Contains("'sleep 100' did not end within 1 s",
            (await Assert.ThrowsAsync<ServerTroubleException>(
                () => SystemProgram.RunAsync("sleep", ["100"], TimeSpan.FromSeconds(1), stop))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_is_refused()
    {
        await using var server = await PrivatePostgres.StartAsync(_folder, null, TestContext.Current.CancellationToken);
        var wrong = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Password = "guess", Pooling = false };

        await using var connection = new NpgsqlConnection(wrong.ConnectionString);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync(TestContext.Current.CancellationToken));

        Assert.Equal(PostgresErrorCodes.InvalidPassword, refused.SqlState);
    }

    [Fact]
    public async Task Missing_programs_are_named_with_three_ways_out()
    {
        var refused = await Assert.ThrowsAsync<InputException>(() =>
            PrivatePostgres.StartAsync(_folder, "/nowhere", TestContext.Current.CancellationToken));

        Assert.Contains("/nowhere", refused.Message, StringComparison.Ordinal);
        Assert.Contains("apt-get install postgresql", refused.Message, StringComparison.Ordinal);
        Assert.Contains("AMNRE_POSTGRES", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<object?> ExecuteAsync(PrivatePostgres server, string sql)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }

    private static async Task RefusedAsync(PrivatePostgres server)
    {
        while (true)
        {
            try
            {
                await using var late = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server.ConnectionString)
                {
                    Pooling = false,
                }.ConnectionString);
                await late.OpenAsync(TestContext.Current.CancellationToken);
            }
            catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.CannotConnectNow)
            {
                return;
            }
        }
    }
}
