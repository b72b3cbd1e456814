using System.Diagnostics;
using Amnre.Engine;
using Amnre.Jobs.Ownership;
using Amnre.Jobs.Postgres;
using Npgsql;

namespace Amnre.Jobs.Tests.Postgres;

/// <summary>Strangers who hold locks, and folders of theirs where ours should be.</summary>
public sealed class ServerLockTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnFolder = OwnerOnly | UnixFileMode.UserExecute;

    private readonly string _folder = Directory.CreateTempSubdirectory("amnre-locks-").FullName;

    public ServerLockTests() => File.SetUnixFileMode(_folder, File.GetUnixFileMode(_folder) | UnixFileMode.OtherExecute);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_lock_that_a_stranger_holds_is_waited_for_with_a_word_and_to_an_end()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && File.Exists("/usr/bin/setpriv"), "only root can act as another user");
        var door = Path.Combine(_folder, "door");
        await File.WriteAllTextAsync(door, "", Stop);
        File.SetUnixFileMode(door, OwnerOnly | UnixFileMode.OtherRead); // As an earlier version left it.
        using var stranger = Hold("door", "--exclusive");
        try
        {
            var said = new List<string>();
            var refused = await Assert.ThrowsAsync<InputException>(
                () => ServerLock.DoorAsync(_folder, said.Add, TimeSpan.FromSeconds(4), Stop));

            Assert.All([refused.Message, Assert.Single(said)], text =>
            {
                Assert.Contains($"process {stranger.Id} (flock) of user 'nobody'", text, StringComparison.Ordinal);
                Assert.Contains("4 s", text, StringComparison.Ordinal);
            });
            Assert.Contains("--store", refused.Message, StringComparison.Ordinal);
            Assert.Equal(OwnerOnly, File.GetUnixFileMode(door));
        }
        finally
        {
            End(stranger);
        }

        await using var held = await ServerLock.DoorAsync(_folder, _ => { }, TimeSpan.FromSeconds(4), Stop);
    }

    [Fact]
    public async Task A_file_that_a_stranger_has_locked_is_read_all_the_same()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && File.Exists("/usr/bin/setpriv"), "only root can act as another user");
        var path = Path.Combine(_folder, "store.json");
        await File.WriteAllTextAsync(path, "{}", Stop);
        File.SetUnixFileMode(path, OwnerOnly | UnixFileMode.OtherRead);
        using var stranger = Hold("store.json", "--exclusive");
        try
        {
            Assert.Equal("{}", await File.ReadAllTextAsync(path, Stop));
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            Assert.Equal('{', stream.ReadByte());
        }
        finally
        {
            End(stranger);
        }
    }

    [Fact]
    public async Task Locks_of_one_and_of_all_exclude_each_other()
    {
        await using (var first = await ServerLock.UserAsync(_folder, _ => { }, TimeSpan.Zero, Stop))
        await using (var second = await ServerLock.UserAsync(_folder, _ => { }, TimeSpan.Zero, Stop))
        {
            Assert.False(ServerLock.IsUnused(_folder));
        }

        Assert.True(ServerLock.IsUnused(_folder));
        await using var owner = ServerLock.Owner(_folder);
        Assert.Throws<InputException>(() => ServerLock.Owner(_folder));
    }

    [Theory]
    [InlineData("lock", "--shared")]
    [InlineData("users", "--exclusive")]
    public async Task Whoever_holds_a_lock_is_named(string name, string how)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, name), "", Stop);
        using var holder = Hold(name, how, asNobody: false);
        try
        {
            var refused = await Assert.ThrowsAsync<InputException>(async () =>
            {
                await using var held = name == "lock"
                    ? ServerLock.Owner(_folder)
                    : await ServerLock.UserAsync(_folder, _ => { }, TimeSpan.FromSeconds(1), Stop);
            });
            Assert.Contains($"process {holder.Id} (flock)", refused.Message, StringComparison.Ordinal);
        }
        finally
        {
            End(holder);
        }
    }

    [Fact]
    public async Task The_folder_and_its_locks_are_closed_to_others_also_those_of_an_earlier_version()
    {
        var folder = Path.Combine(_folder, "postgres");
        Directory.CreateDirectory(folder,
            OwnFolder | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        await using var server = await PrivatePostgres.StartAsync(folder, null, Stop);

        Assert.Equal((UnixFileMode)0,
            File.GetUnixFileMode(folder) & (Owned.Others & ~(UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)));
        Assert.All(["door", "lock", "users", "password"],
            name => Assert.Equal(OwnerOnly, File.GetUnixFileMode(Path.Combine(folder, name))));
        var socket = new NpgsqlConnectionStringBuilder(server.ConnectionString).Host!;
        Assert.Equal(OwnFolder, File.GetUnixFileMode(socket));
        Assert.Equal(socket, SocketFolder.NotedIn(ServerHome.Of(folder, ServerAccount.Choose())));
    }

    [Fact]
    public async Task The_socket_stays_where_it_was_unless_a_stranger_took_the_place()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can make a folder of another user's");
        string first;
        await using (var server = await PrivatePostgres.StartAsync(_folder, null, Stop))
            first = new NpgsqlConnectionStringBuilder(server.ConnectionString).Host!;
        await using (var server = await PrivatePostgres.StartAsync(_folder, null, Stop))
            Assert.Equal(first, new NpgsqlConnectionStringBuilder(server.ConnectionString).Host);

        Directory.CreateDirectory(first);
        try
        {
            Own("nobody", first);
            await using var server = await PrivatePostgres.StartAsync(_folder, null, Stop);
            Assert.NotEqual(first, new NpgsqlConnectionStringBuilder(server.ConnectionString).Host);
            Assert.Equal(server.ConnectionString, PrivatePostgres.RunningIn(_folder));
        }
        finally
        {
            Directory.Delete(first);
        }
    }

    [Fact]
    public async Task A_folder_or_lock_of_somebody_else_is_refused_by_name_and_owner()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can make a folder of another user's");
        var folder = Directory.CreateDirectory(Path.Combine(_folder, "postgres")).FullName;
        Own("nobody", folder);
        await RefusedAsync(folder, folder, "user 'nobody'");

        Own("root", folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "door"), "", Stop);
        Own("nobody", Path.Combine(folder, "door"));
        await RefusedAsync(folder, Path.Combine(folder, "door"), "user 'nobody'");

        Directory.Delete(folder, recursive: true);
        Directory.CreateSymbolicLink(folder, "/etc");
        await RefusedAsync(folder, folder, "a link");
    }

    [Fact]
    public async Task A_server_in_use_on_another_machine_is_not_started_here_as_well()
    {
        await using var first = await PrivatePostgres.StartAsync(_folder, null, Stop);
        await File.WriteAllTextAsync(Path.Combine(_folder, "machine"), "node17", Stop);

        var refused = await Assert.ThrowsAsync<InputException>(() => PrivatePostgres.JoinAsync(_folder, null, Stop));
        Assert.Contains("runs on machine 'node17'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_socket_is_in_the_users_runtime_folder_where_that_is_private_and_stays()
    {
        var (own, roots) = (new ServerAccount("me", 0, 0, IsOurs: true), new ServerAccount("postgres", 26, 26, IsOurs: false));
        File.SetUnixFileMode(_folder, OwnFolder);
        Assert.Equal(_folder, SocketFolder.Parent(own, _folder, () => false));
        Assert.Equal("/tmp", SocketFolder.Parent(roots, _folder, () => true));
        Assert.Equal("/tmp", SocketFolder.Parent(own, null, () => true));
        Assert.Equal("/tmp", SocketFolder.Parent(own, "relative", () => true));
        Assert.Equal("/tmp", SocketFolder.Parent(own, "/run/user/1000", () => false));
        var deep = Directory.CreateDirectory(Path.Combine(_folder, new string('d', 80)), OwnFolder).FullName;
        Assert.Equal("/tmp", SocketFolder.Parent(own, deep, () => true));
        File.SetUnixFileMode(_folder, OwnFolder | UnixFileMode.OtherExecute);
        Assert.Equal("/tmp", SocketFolder.Parent(own, _folder, () => true));
    }

    [Fact]
    public void Holders_are_found_by_inode_and_device()
    {
        string[] lines = ["1: FLOCK  ADVISORY  WRITE 4242 08:01:131 0 EOF", "2: -> FLOCK  ADVISORY  WRITE 77 08:01:131 0 EOF",
            "3: FLOCK  ADVISORY  READ 5 08:02:131 0 EOF", "4: POSIX  ADVISORY  READ 6 08:01:1311 0 EOF", ""];
        Assert.Equal([4242], LockHolders.Pids(lines, new Owned(0, 0, 0, 131, "08:01")));
        Assert.Equal([4242, 5], LockHolders.Pids(lines, new Owned(0, 0, 0, 131, "00:2f")));
        Assert.Empty(LockHolders.Pids(lines, new Owned(0, 0, 0, 31, "08:01")));
    }

    private static async Task RefusedAsync(string folder, params string[] named)
    {
        var refused = await Assert.ThrowsAsync<InputException>(() => PrivatePostgres.JoinAsync(folder, null, Stop));
        Assert.All(named, name => Assert.Contains(name, refused.Message, StringComparison.Ordinal));
    }

    /// <summary>A process that holds a lock until it is ended.</summary>
    private Process Hold(string name, string how, bool asNobody = true)
    {
        string[] stranger = asNobody ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"] : [];
        string[] words = [.. stranger, "flock", how, "--nonblock", Path.Combine(_folder, name), "sleep", "600"];
        var process = Process.Start(new ProcessStartInfo(words[0], words[1..]))!;
        for (var waited = 0; LockHolders.Of(Path.Combine(_folder, name)).Contains("cannot be seen", StringComparison.Ordinal)
            && waited < 200; waited++) Thread.Sleep(50);
        return process;
    }

    private static void End(Process process)
    {
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
    }

    private static void Own(string user, string path)
    {
        using var chown = Process.Start("chown", [user, path]);
        chown.WaitForExit();
    }
}
