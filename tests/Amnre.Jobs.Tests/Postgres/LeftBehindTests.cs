using System.Diagnostics;
using System.Globalization;
using Amnre.Jobs.Postgres;
using Npgsql;

namespace Amnre.Jobs.Tests.Postgres;

/// <summary>What crashes and kills leave in a store's database: the next start gets along with all of it.</summary>
public sealed class LeftBehindTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("amnre-left-").FullName;
    private readonly System.Collections.Concurrent.ConcurrentQueue<string> _said = [];

    public LeftBehindTests() => File.SetUnixFileMode(_folder, File.GetUnixFileMode(_folder) | UnixFileMode.OtherExecute);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Data => Path.Combine(_folder, "server", "cluster");

    private string PidFile => Path.Combine(Data, "postmaster.pid");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("empty")]
    [InlineData("nonsense")]
    [InlineData("999999")]
    [InlineData("1")]
    [InlineData("another's")]
    public async Task The_note_of_a_server_that_is_no_more_is_removed(string number)
    {
        await using (await PrivatePostgres.StartAsync(_folder, null, Stop))
        {
        }

        using var other = Sleeper();
        var pid = number == "another's" ? other.Id.ToString(CultureInfo.InvariantCulture) : number;
        var socket = SocketFolder.NotedIn(Path.Combine(_folder, "server"));
        await File.WriteAllTextAsync(PidFile, number == "empty"
            ? ""
            : $"{pid}\n{Data}\n1700000000\n5432\n{socket}\n\n  5432001         4\nready   \n", Stop);

        Assert.Equal(PidFile, PrivatePostgres.Look(_folder)!.Stale);
        await using (var server = await PrivatePostgres.StartAsync(_folder, null, Stop, say: _said.Enqueue))
            Assert.Equal(1, await OneAsync(server));

        Assert.Contains(PidFile, Assert.Single(_said), StringComparison.Ordinal);
        Assert.False(other.HasExited, "the process with its number was ended");
        other.Kill();
    }

    [Fact]
    public async Task A_server_that_is_killed_while_it_is_used_is_started_again()
    {
        await using var server = await PrivatePostgres.StartAsync(_folder, null, Stop, say: _said.Enqueue);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var keeping = server.KeepAsync(ending.Token);

        await KillServerAsync();
        for (var began = TimeProvider.System.GetTimestamp(); !_said.Any(said => said.Contains("started again", StringComparison.Ordinal));
            await Task.Delay(100, Stop))
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromMinutes(2), "nobody started it");
        for (var answered = false; !answered; answered = await AnswersAsync(server)) await Task.Delay(100, Stop);

        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => keeping);
    }

    [Fact]
    public async Task A_server_that_is_killed_at_any_moment_of_its_start_is_started_again()
    {
        for (var round = 0; round < 6; round++)
        {
            using var killing = CancellationTokenSource.CreateLinkedTokenSource(Stop);
            var random = new Random(round);
            var killer = Task.Run(async () =>
            {
                // Once: whatever of PostgreSQL works in this folder at that moment, initdb's own included.
                await Task.Delay(random.Next(0, 1500), killing.Token);
                foreach (var pid in Working()) Kill(pid);
            }, Stop);
            await using (var server = await PrivatePostgres.StartAsync(_folder, null, Stop)) await AnsweredAsync(server);

            await killing.CancelAsync();
            await Task.WhenAny(killer);
        }

        Assert.Empty(Directory.EnumerateDirectories(Path.Combine(_folder, "server"), "cluster.new*"));
    }

    [Fact]
    public async Task A_store_may_be_called_anything()
    {
        var folder = Path.Combine(_folder, "it's \"$HOME\" `touch x` \\ $(touch y); # %", "postgres");
        Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
        for (var twice = 0; twice < 2; twice++)
        {
            await using var server = await PrivatePostgres.StartAsync(folder, null, Stop);
            Assert.Equal(1, await OneAsync(server));
        }

        Assert.Empty(Directory.EnumerateFiles(_folder, "?", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_runtime_folder_with_such_a_name_has_no_socket_in_it()
    {
        var runtime = Directory.CreateDirectory(Path.Combine(_folder, "a'b"),
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
        Assert.Equal("/tmp", SocketFolder.Parent(new ServerAccount("us", 0, 0, IsOurs: true), runtime, () => true));
    }

    private static Process Sleeper() => Process.Start(new ProcessStartInfo("setpriv", Environment.IsPrivilegedProcess
        ? ["--reuid", $"{ServerAccount.Choose().UserId}", "--clear-groups", "--", "sleep", "600"] : ["--", "sleep", "600"]))!;

    private static async Task<object?> OneAsync(PrivatePostgres server)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server.ConnectionString)
        {
            Pooling = false,
        }.ConnectionString);
        await connection.OpenAsync(Stop);
        await using var command = new NpgsqlCommand("select 1", connection);
        return await command.ExecuteScalarAsync(Stop);
    }

    private static async Task<bool> AnswersAsync(PrivatePostgres server)
    {
        try
        {
            return 1.Equals(await OneAsync(server));
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private async Task AnsweredAsync(PrivatePostgres server)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                Assert.Equal(1, await OneAsync(server));
                return;
            }
            catch (NpgsqlException) when (TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromMinutes(1))
            {
                // Killed after it had started: whoever keeps it starts it again.
                await Task.Delay(100, Stop);
                await using var again = await PrivatePostgres.JoinAsync(_folder, null, Stop);
            }
        }
    }

    private async Task KillServerAsync() => Kill(int.Parse((await File.ReadAllLinesAsync(PidFile, Stop))[0], CultureInfo.InvariantCulture));

    /// <summary>Processes whose command line or working directory is below the folder.</summary>
    private List<int> Working() =>
        [.. Directory.EnumerateDirectories("/proc").Select(path => int.TryParse(Path.GetFileName(path), out var pid) ? pid : 0)
            .Where(pid => pid > 0 && IsAtWork(pid))];

    private bool IsAtWork(int pid)
    {
        try
        {
            return pid != Environment.ProcessId
                && File.ResolveLinkTarget($"/proc/{pid}/cwd",
                    returnFinalTarget: false)?.FullName.StartsWith(Path.Combine(_folder, "server"), StringComparison.Ordinal) == true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static void Kill(int pid)
    {
        using var kill = Process.Start("kill", ["-9", pid.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }
}
