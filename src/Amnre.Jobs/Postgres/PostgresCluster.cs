using System.Globalization;
using Amnre.Engine;
using CliWrap.Buffered;

namespace Amnre.Jobs.Postgres;

/// <summary>The data directory of a private server, and PostgreSQL's programs at work on it.</summary>
internal sealed class PostgresCluster
{
    /// <summary>Who owns all of it.</summary>
    public const string Role = "amnre";

    /// <summary>The socket needs a port number for its file name; no network port is opened.</summary>
    public const int Port = 5432;

    public static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(60);

    private readonly ServerAccount _account;
    private readonly PostgresBinaries _binaries;
    private readonly string _home, _data;

    private PostgresCluster(ServerAccount account, PostgresBinaries binaries, string home) =>
        (_account, _binaries, _home, _data) = (account, binaries, home, DataOf(home));

    /// <summary>Folder of the socket that it listens on, known once it was launched.</summary>
    public string Socket { get; private set; } = "";

    /// <summary>What the server has to say.</summary>
    public string Log => Path.Combine(_home, "postgres.log");

    /// <param name="folder">Of the store's database.</param>
    /// <param name="binariesFolder">Where PostgreSQL's programs are; null looks for them.</param>
    /// <exception cref="InputException">No binaries, or none of the version that made the cluster.</exception>
    public static PostgresCluster In(string folder, string? binariesFolder)
    {
        var account = ServerAccount.Choose();
        var home = ServerHome.Make(folder, account);
        return new PostgresCluster(account, PostgresBinaries.Find(binariesFolder, MadeBy(DataOf(home))), home);
    }

    /// <summary>Makes what is not there yet.</summary>
    /// <param name="password">Of <see cref="Role"/>.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="InputException"><c>initdb</c> fails.</exception>
    public async Task EnsureAsync(string password, CancellationToken stop)
    {
        if (!Directory.Exists(_data)) await InitialiseAsync(password, stop);
    }

    /// <summary>Starts the server unless it runs.</summary>
    /// <param name="connections">Most at once.</param>
    /// <param name="stop">Gives up waiting; the server goes on starting.</param>
    /// <exception cref="InputException">It does not start.</exception>
    public async Task LaunchAsync(int connections, CancellationToken stop)
    {
        // 0 = running: a crashed owner left it behind; its socket and password are ours.
        if ((await ControlAsync(["status"], stop)).ExitCode == 0 && Listening() is { } socket)
        {
            Socket = socket;
            return;
        }

        Socket = SocketFolder.Make(_home, _account);
        var settings = string.Join(' ',
            "-c listen_addresses=''", $"-c unix_socket_directories='{Socket}'", $"-c port={Port}", "-c fsync=on",
            "-c full_page_writes=on", "-c synchronous_commit=on", $"-c max_connections={connections}", "-c timezone=UTC", "-c log_timezone=UTC");
        var start = await ControlAsync(["start", "-w", "-t", Seconds(StartTimeout), "-l", Log, "-o", settings], stop);
        if (start.ExitCode == 0) return;
        var tail = File.Exists(Log) ? string.Join('\n', (await File.ReadAllLinesAsync(Log, stop)).TakeLast(5)) : start.StandardError;
        throw new InputException($"PostgreSQL did not start (see {Log}):\n{tail}");
    }

    public async Task StopAsync()
    {
        var fast = await ControlAsync(["stop", "-m", "fast", "-w", "-t", Seconds(StopTimeout)], CancellationToken.None);
        // An immediate stop loses nothing: the next start recovers from the write-ahead log.
        if (fast.ExitCode != 0) await ControlAsync(["stop", "-m", "immediate", "-w"], CancellationToken.None);
        if (Socket.Length == 0) return;
        var socket = new DirectoryInfo(Socket);
        if (socket.Exists && !socket.EnumerateFileSystemInfos().Any()) socket.Delete();
    }

    /// <summary>Number of the server's first process, as far as it is written down.</summary>
    public string? Pid => File.Exists(PidFile) ? File.ReadLines(PidFile).FirstOrDefault() : null;

    private string PidFile => Path.Combine(_data, "postmaster.pid");

    /// <summary>The folder that a server which runs has its socket in, by its own word: the fifth line of its pid file.</summary>
    private string? Listening() => File.Exists(PidFile) && File.ReadAllLines(PidFile) is [_, _, _, _, { Length: > 0 } socket, ..] ? socket : null;

    private static string DataOf(string home) => Path.Combine(home, "cluster");

    private static int? MadeBy(string data)
    {
        var file = Path.Combine(data, "PG_VERSION");
        return File.Exists(file) && int.TryParse(File.ReadAllText(file), out var version) ? version : null;
    }

    /// <summary>Makes the cluster aside and renames it, so that a killed first start leaves nothing half made.</summary>
    private async Task InitialiseAsync(string password, CancellationToken stop)
    {
        var work = Path.Combine(_home, "cluster.new");
        if (Directory.Exists(work)) Directory.Delete(work, recursive: true);
        _account.OwnFolder(work);
        var passwordFile = Path.Combine(work, "pw");
        var data = Path.Combine(work, "data");
        _account.OwnFolder(data);
        await File.WriteAllTextAsync(passwordFile, password, stop);
        var result = await RunAsync(_binaries.Initdb, ["--pgdata", data, "--username", Role, "--pwfile", passwordFile,
            "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C", "--data-checksums"], stop);
        File.Delete(passwordFile);
        if (result.ExitCode != 0) throw new InputException($"initdb could not make a database in {_home}: {result.StandardError.Trim()}");
        Directory.Move(data, _data);
        Directory.Delete(work, recursive: true);
    }

    private Task<BufferedCommandResult> ControlAsync(string[] arguments, CancellationToken stop) => RunAsync(_binaries.Ctl, [.. arguments, "--pgdata", _data], stop);

    private Task<BufferedCommandResult> RunAsync(string program, string[] arguments, CancellationToken stop)
    {
        var (runner, all) = _account.Command(program, arguments);
        return SystemProgram.RunAsync(runner, all, StartTimeout + TimeSpan.FromSeconds(30), stop, _home);
    }

    private static string Seconds(TimeSpan time) => ((int)time.TotalSeconds).ToString(CultureInfo.InvariantCulture);
}
