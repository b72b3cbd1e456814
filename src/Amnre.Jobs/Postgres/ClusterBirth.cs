using System.Text;
using Amnre.Engine;
using CliWrap.Buffered;

namespace Amnre.Jobs.Postgres;

/// <summary>Makes a data directory aside and renames it, so that a first start that is killed leaves nothing half made. Each start has a
/// folder of its own: the programs of one that was killed may still run in theirs.</summary>
internal sealed class ClusterBirth(ServerAccount account, PostgresBinaries binaries, string home, string name, Action<string> say)
{
    private const string Aside = "cluster.new", NoSpace = "No space left on device", NoName = "could not look up effective user ID";

    /// <summary>What an empty cluster takes, and what it writes until it stands.</summary>
    private const long Room = 64L << 20;

    /// <summary>One that was killed is followed by another.</summary>
    private const int Tries = 3;

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    public async Task EnsureAsync(string password, CancellationToken stop)
    {
        foreach (var left in Directory.EnumerateDirectories(home, $"{Aside}*")) Remove(left);
        for (var tries = 1; !Directory.Exists(Path.Combine(home, name)); tries++)
        {
            await DiskRoom.WaitAsync(home, Room, say, TimeProvider.System, stop);
            if (await TryAsync(password, stop) is { } error && tries >= Tries && !error.Contains(NoSpace, StringComparison.Ordinal))
                throw new ServerTroubleException($"initdb could not make a database in {home}: {error}");
        }
    }

    /// <returns>What went wrong; null when it is made.</returns>
    private async Task<string?> TryAsync(string password, CancellationToken stop)
    {
        var work = $"{Aside}.{Guid.NewGuid():N}";
        var folder = Path.Combine(home, work);
        try
        {
            account.OwnFolder(folder);
            var (passwordFile, data) = (Path.Combine(folder, "pw"), Path.Combine(folder, "data"));
            account.OwnFolder(data);
            await WriteAsync(passwordFile, password, stop);
            string[] arguments = ["--pgdata", Path.Combine(work, "data"), "--username", PostgresCluster.Role, "--pwfile",
                Path.Combine(work, "pw"),
                "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C", "--data-checksums"];
            var result = await RunAsync(account.Command(binaries.Initdb, arguments), stop);
            if (result.StandardError.Contains(NoName, StringComparison.Ordinal)) result = await NamedAsync(arguments, stop);
            File.Delete(passwordFile);
            if (result.ExitCode != 0) return result.StandardError.Trim() is { Length: > 0 } said
                ? said
                : $"it ended with exit code {result.ExitCode} and printed nothing";
            Directory.Move(data, Path.Combine(home, name));
            FolderSync.Flush(home);
            return null;
        }
        catch (IOException refused)
        {
            return refused.Message;
        }
        finally
        {
            Remove(folder);
        }
    }

    /// <summary>A user without a name, as containers have them: initdb wants one, the server does not. In a user namespace this user has
    /// one, and its files are the same.</summary>
    /// <exception cref="InputException">There is none to be had.</exception>
    private async Task<BufferedCommandResult> NamedAsync(string[] arguments, CancellationToken stop)
    {
        var result = await RunAsync(("unshare", ["--user", $"--map-user={ServerAccount.NamedUser()}", "--", binaries.Initdb, .. arguments]),
            stop);
        return result.ExitCode == 0 || !result.StandardError.Contains("unshare", StringComparison.Ordinal)
            ? result
            : throw new InputException(
            $"this process runs as user {Ownership.Owned.Us}, which has no entry in /etc/passwd, and PostgreSQL's initdb makes no " +
            "database for a user without a name: "
            + "add an entry (containers: by the entrypoint, or mount one), or use an existing server with --postgres or AMNRE_POSTGRES. " +
                $"A user namespace was tried: {result.StandardError.Trim()}");
    }

    /// <summary>Whatever the umask, the account can read it, and no other.</summary>
    private async Task WriteAsync(string file, string password, CancellationToken stop)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        await using (var stream = new FileStream(file, options)) await stream.WriteAsync(Encoding.ASCII.GetBytes(password), stop);
        account.OwnFile(file);
    }

    private Task<BufferedCommandResult> RunAsync((string Program, string[] Arguments) command, CancellationToken stop) =>
        SystemProgram.RunAsync(command.Program, command.Arguments, Timeout, stop, home);

    /// <summary>What cannot be removed now, because an orphan still writes there, is removed by the next start.</summary>
    private static void Remove(string folder)
    {
        try
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }
}
