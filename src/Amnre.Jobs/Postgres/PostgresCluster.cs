using System.Globalization;
using Amnre.Engine;
using CliWrap.Buffered;

namespace Amnre.Jobs.Postgres;

/// <summary>The data directory of a private server, and PostgreSQL's programs that use it. They run in its home and are given names below
/// it, because
/// <c>pg_ctl</c> hands paths to a shell, and a store may be called anything.</summary>
internal sealed class PostgresCluster
{
    /// <summary>Who owns all of it.</summary>
    public const string Role = "amnre";

    /// <summary>The socket needs a port number for its file name; no network port is opened.</summary>
    public const int Port = 5432;

    public static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    private const string Data = "cluster", LogName = "postgres.log", NoSpace = "No space left on device";

    /// <summary>A start that fails may have been killed, or have met a server that another start left on its way up.</summary>
    private const int Starts = 5;

    /// <summary>A segment of the write-ahead log, and some more.</summary>
    private const long RoomToStart = 32L << 20;

    private readonly ServerAccount _account;
    private readonly PostgresBinaries _binaries;
    private readonly PidFile _pidFile;
    private readonly Action<string> _say;
    private readonly string _home, _data;

    private PostgresCluster(ServerAccount account, PostgresBinaries binaries, string home, Action<string> say)
    {
        (_account, _binaries, _home, _data, _say) = (account, binaries, home, DataOf(home), say);
        _pidFile = new PidFile(_data, account);
    }

    /// <summary>Folder of the socket that it listens on, known once it was launched.</summary>
    public string Socket { get; private set; } = "";

    /// <summary>What the server has to say.</summary>
    public string Log => Path.Combine(_home, LogName);

    /// <summary>Whether the server is up.</summary>
    public bool IsUp => !ServerProcesses.AreSeen || _pidFile.Look() is ServerState.Up;

    /// <summary>Numbers of its processes.</summary>
    public string Pids => string.Join(' ', ServerProcesses.At(_data, _account));

    /// <param name="folder">Of the store's database.</param>
    /// <param name="binariesFolder">Where PostgreSQL's programs are; null looks for them.</param>
    /// <param name="say">Told what takes long, and what was repaired.</param>
    /// <exception cref="InputException">No binaries, or none of the version that made the cluster.</exception>
    public static PostgresCluster In(string folder, string? binariesFolder, Action<string> say)
    {
        var account = ServerAccount.Choose();
        var binaries = PostgresBinaries.Find(binariesFolder, MadeBy(DataOf(ServerHome.Of(folder, account))));
        return new PostgresCluster(account, binaries, ServerHome.Make(folder, account), say);
    }

    /// <summary>Makes what is not there yet.</summary>
    /// <param name="password">Of <see cref="Role"/>.</param>
    /// <param name="stop">Cancels.</param>
    /// <exception cref="ServerTroubleException"><c>initdb</c> fails.</exception>
    public Task EnsureAsync(string password, CancellationToken stop) =>
        new ClusterBirth(_account, _binaries, _home, Data, _say).EnsureAsync(password, stop);

    /// <summary>Starts the server unless it runs. One on its way up or down is waited for; what a crash left behind is removed.</summary>
    /// <param name="connections">Most at once.</param>
    /// <param name="stop">Cancels the wait; the server continues to start.</param>
    /// <exception cref="ServerTroubleException">It does not start.</exception>
    public async Task LaunchAsync(int connections, CancellationToken stop)
    {
        var began = TimeProvider.System.GetTimestamp();
        for (var starts = 0; ;)
        {
            switch (await LookAsync(stop))
            {
                case ServerState.Up up:
                    Socket = up.Socket;
                    return;
                case ServerState.Between between when TimeProvider.System.GetElapsedTime(began) > StartTimeout:
                    throw new ServerTroubleException(
                        $"the store's database in {_data} neither comes up nor ends: see its log {Log}, end its processes with 'kill " +
                            $"{string.Join(' ', between.Pids)}', and try again");
                case ServerState.Between:
                    await Task.Delay(LookEvery, TimeProvider.System, stop);
                    continue;
                case ServerState.Stale:
                    _say($"{_pidFile.Path} is left from a server that was killed, and no process is running there: removed");
                    File.Delete(_pidFile.Path);
                    break;
            }

            var error = await StartAsync(connections, stop);
            if (error is null && ++starts <= Starts) continue;
            if (error?.Contains(NoSpace, StringComparison.Ordinal) == true)
                await DiskRoom.WaitAsync(_home, RoomToStart, _say, TimeProvider.System, stop);
            if (++starts > Starts)
                throw new ServerTroubleException($"PostgreSQL did not start (see {Log}):\n{error ?? "it ended at once, each time"}");
            await Task.Delay(LookEvery * starts, TimeProvider.System, stop);
        }
    }

    public async Task StopAsync()
    {
        var began = TimeProvider.System.GetTimestamp();
        var state = await LookAsync(CancellationToken.None);
        for (; state is ServerState.Between && TimeProvider.System.GetElapsedTime(began) < StopTimeout;
            state = await LookAsync(CancellationToken.None))
            await Task.Delay(LookEvery, TimeProvider.System, CancellationToken.None);
        if (state is ServerState.Up)
        {
            var fast = await ControlAsync(["stop", "-m", "fast", "-w", "-t", Seconds(StopTimeout)], CancellationToken.None);
            // An immediate stop loses nothing: the next start recovers from the write-ahead log.
            if (fast.ExitCode != 0) await ControlAsync(["stop", "-m", "immediate", "-w"], CancellationToken.None);
        }

        if (Socket.Length == 0) return;
        var socket = new DirectoryInfo(Socket);
        if (socket.Exists && !socket.EnumerateFileSystemInfos().Any()) socket.Delete();
    }

    /// <returns>What went wrong; null when it started.</returns>
    private async Task<string?> StartAsync(int connections, CancellationToken stop)
    {
        var socket = SocketFolder.Make(_home, _account);
        var settings = string.Join(' ',
            "-c listen_addresses=''", $"-c unix_socket_directories='{socket}'", $"-c port={Port}", "-c fsync=on",
            "-c full_page_writes=on", "-c synchronous_commit=on", $"-c max_connections={connections}", "-c timezone=UTC",
            "-c log_timezone=UTC");
        var start = await ControlAsync(["start", "-w", "-t", Seconds(StartTimeout), "-l", LogName, "-o", settings], stop);
        if (start.ExitCode == 0) return null;
        return File.Exists(Log) ? string.Join('\n', PlainFile.Lines(Log).TakeLast(5)) : start.StandardError;
    }

    private async Task<ServerState> LookAsync(CancellationToken stop)
    {
        if (ServerProcesses.AreSeen) return _pidFile.Look();
        // Elsewhere PostgreSQL's own word must do: 0 = running.
        if ((await ControlAsync(["status"], stop)).ExitCode != 0) return new ServerState.Down();
        return PlainFile.Lines(_pidFile.Path).ToList() is [_, _, _, _, { Length: > 0 } socket, ..]
            ? new ServerState.Up(0, socket)
            : new ServerState.Down();
    }

    private static string DataOf(string home) => Path.Combine(home, Data);

    private static int? MadeBy(string data)
    {
        var file = Path.Combine(data, "PG_VERSION");
        return File.Exists(file) && int.TryParse(PlainFile.Text(file), out var version) ? version : null;
    }

    private Task<BufferedCommandResult> ControlAsync(string[] arguments, CancellationToken stop)
    {
        var (runner, all) = _account.Command(_binaries.Ctl, [.. arguments, "--pgdata", Data]);
        return SystemProgram.RunAsync(runner, all, StartTimeout + TimeSpan.FromSeconds(30), stop, _home);
    }

    private static string Seconds(TimeSpan time) => ((int)time.TotalSeconds).ToString(CultureInfo.InvariantCulture);
}
