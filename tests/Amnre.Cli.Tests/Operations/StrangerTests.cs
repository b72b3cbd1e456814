using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Amnre.Scheduler.Access;
using Amnre.Testing;

namespace Amnre.Cli.Tests.Operations;

/// <summary>Other users of the machine, and programs of theirs, against a real scheduler on loopback that the user gave no token.</summary>
public sealed class StrangerTests(TestServer server) : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("amnre-strangers-").FullName;
    private Dictionary<string, string> _here = [];
    private CommandProcess? _scheduler;
    private Uri _address = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Store => Path.Combine(_folder, "store");

    private string Token => StoreToken.Read(StoreToken.FileIn(Store))!.Text;

    public async ValueTask InitializeAsync()
    {
        _here = new()
        {
            ["AMNRE_POSTGRES"] = await server.NewDatabaseAsync(),
            ["AMNRE_STORE"] = Store,
            ["HOME"] = Directory.CreateDirectory(Path.Combine(_folder, "home")).FullName,
            ["XDG_STATE_HOME"] = "",
        };
        _scheduler = CommandProcess.StartWith(_here, _folder, "scheduler", "--dashboard", "http://127.0.0.1:0");
        _address = new Uri(await AddressAsync());
    }

    public ValueTask DisposeAsync()
    {
        _scheduler?.Dispose();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_stranger_sees_nothing_not_even_behind_the_owners_own_connection()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && File.Exists("/usr/bin/setpriv") && File.Exists("/usr/bin/python3"),
            "root, setpriv and python3 are needed to act as another user");
        File.SetUnixFileMode(Store, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        // A connection of the owner's that is live, and signed in.
        using var owner = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await owner.ConnectAsync(_address.Host, _address.Port, Stop);
        var request = Encoding.ASCII.GetBytes(
            $"GET /api/access HTTP/1.1\r\nHost: {_address.Authority}\r\nAuthorization: Bearer {Token}\r\n\r\n");
        await owner.SendAsync(request, Stop);
        var answer = new byte[4096];
        Assert.StartsWith("HTTP/1.1 200", Encoding.ASCII.GetString(answer, 0, await owner.ReceiveAsync(answer, Stop)),
            StringComparison.Ordinal);

        // Other users bind any address of the loopback with the same port, send more than is read at once, and half-close.
        var printed = await AsStrangerAsync($$"""
            import socket
            def ask(source, path):
                s = socket.socket()
                s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                if source: s.bind(source)
                s.settimeout(20)
                s.connect(("{{_address.Host}}", {{_address.Port}}))
                s.sendall(("GET %s HTTP/1.1\r\nHost: {{_address.Authority}}\r\nConnection: close\r\nContent-Length: 20000000\r\n\r\n" % path).encode() + b"a" * 1500000)
                s.shutdown(socket.SHUT_WR)
                answer = b""
                while True:
                    try: part = s.recv(65536)
                    except ConnectionResetError: part = b""
                    if not part: break
                    answer += part
                print(path, answer.split(b" ")[1].decode())
                assert b"{{Token}}" not in answer
            paths = ("/", "/api/experiments", "/api/access", "/workers", "/hangfire", "/metrics", "/artifacts/1/x", "/api/jobs/1/files/x")
            for path in paths:
                ask(None, path)
                for n in (2, 3, 77): ask(("127.0.0.%d" % n, {{((IPEndPoint)owner.LocalEndPoint!).Port}}), path)
            try:
                open("{{StoreToken.FileIn(Store)}}")
                print("token read")
            except PermissionError:
                print("token closed")
            """);

        var lines = printed.Trim().Split('\n');
        Assert.Equal("token closed", lines[^1]);
        Assert.Equal(8 * 4, lines.Length - 1);
        Assert.All(lines[..^1], line => Assert.EndsWith(" 401", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Own_commands_find_the_token_without_a_word_and_a_stranger_who_passes_the_question_on_gets_none()
    {
        var elsewhere = Directory.CreateDirectory(Path.Combine(_folder, "elsewhere")).FullName;
        var afar = new Dictionary<string, string>
        {
            ["AMNRE_URL"] = _address.ToString(),
            ["HOME"] = _here["HOME"],
            ["XDG_STATE_HOME"] = "",
        };
        Assert.Contains("no experiments", await AmnreAsync(afar, 0, elsewhere, "status"), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(elsewhere));
        var stranger = new Dictionary<string, string>(afar) { ["HOME"] = elsewhere };
        Assert.Contains("no token was sent", await AmnreAsync(stranger, 2, elsewhere, "status"), StringComparison.Ordinal);

        // Listens elsewhere and has the true scheduler answer.
        var heard = new StringBuilder();
        using var end = new CancellationTokenSource();
        var listening = new TaskCompletionSource<EndPoint>(TaskCreationOptions.RunContinuationsAsynchronously);
        var relay = RelayAsync(listening.SetResult, heard, end.Token);
        var lured = new Dictionary<string, string>(afar) { ["AMNRE_URL"] = $"http://{await listening.Task}" };
        Assert.Contains("no token was sent", await AmnreAsync(lured, 2, elsewhere, "status"), StringComparison.Ordinal);
        await end.CancelAsync();
        await relay;
        Assert.Contains("/api/proof?nonce=", heard.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Token, heard.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_terminal_gets_a_link_and_neither_files_nor_the_ledger_do()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "script is needed to play a terminal");
        var terminal = new Dictionary<string, string>(_here) { ["SHELL"] = "/bin/sh" };
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo("script", ["-qec", $"{CommandProcess.Program()} status", "/dev/null"])
            {
                RedirectStandardOutput = true,
                WorkingDirectory = _folder,
            },
        };
        foreach (var (name, value) in terminal) process.StartInfo.Environment[name] = value;
        process.Start();
        var seen = await process.StandardOutput.ReadToEndAsync(Stop);
        var link = seen.Split('\n').Single(line => line.Contains("/enter?t=", StringComparison.Ordinal)).Split(": ")[1].Trim();

        using var client = new HttpClient { BaseAddress = _address };
        using (var beforehand = new HttpRequestMessage(HttpMethod.Get, link) { Headers = { { "Sec-Purpose", "prefetch;prerender" } } })
        using (var nothing = await client.SendAsync(beforehand, Stop)) Assert.False(nothing.Headers.Contains("Set-Cookie"));
        Assert.Contains("Experiments", await client.GetStringAsync(new Uri(link), Stop), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri("/workers", UriKind.Relative), Stop)).StatusCode);
        using var other = new HttpClient { BaseAddress = _address };
        using var again = await other.GetAsync(new Uri(link), Stop);
        Assert.Equal(HttpStatusCode.Unauthorized, again.StatusCode);
        Assert.Equal("no-referrer", again.Headers.GetValues("Referrer-Policy").Single());

        var written = await AmnreAsync(_here, 0, _folder, "status") + await AmnreAsync(_here, 0, _folder, "status", "--json")
            + await client.GetStringAsync(new Uri("/api/schedulers", UriKind.Relative), Stop)
            + string.Concat(Directory.EnumerateFiles(Path.Combine(Store, "logs"), "*", SearchOption.AllDirectories).Select(ReadShared));
        Assert.DoesNotContain("/enter", written, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, written, StringComparison.Ordinal);
        // Nothing but where the token is was written to the home: no keys.
        Assert.Equal([Path.Combine(_here["HOME"], ".local", "state", "amnre", "token-files")],
            Directory.GetFiles(_here["HOME"], "*", SearchOption.AllDirectories));
        Assert.Equal(StoreToken.FileIn(Store),
            (await File.ReadAllTextAsync(Path.Combine(_here["HOME"], ".local", "state", "amnre", "token-files"), Stop)).Trim());
    }

    private static string ReadShared(string file)
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }

    private async Task<string> AsStrangerAsync(string script)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo("setpriv",
                ["--reuid=65534", "--regid=65534", "--clear-groups", "/usr/bin/python3", "-c", script])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = "/",
            },
        };
        process.Start();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(Stop), process.StandardError.ReadToEndAsync(Stop));
        await process.WaitForExitAsync(Stop);
        Assert.True(process.ExitCode == 0, await error);
        return await output;
    }

    private async Task RelayAsync(Action<EndPoint> listens, StringBuilder heard, CancellationToken stop)
    {
        using var listener = new TcpListener(IPAddress.Parse("127.0.0.2"), 0);
        listener.Start();
        listens(listener.LocalEndpoint);
        try
        {
            while (true)
            {
                using var caller = await listener.AcceptTcpClientAsync(stop);
                using var there = new TcpClient();
                await there.ConnectAsync(_address.Host, _address.Port, stop);
                var back = there.GetStream().CopyToAsync(caller.GetStream(), stop);
                var buffer = new byte[65536];
                while (await caller.GetStream().ReadAsync(buffer, stop) is > 0 and var read)
                {
                    heard.Append(Encoding.Latin1.GetString(buffer, 0, read));
                    await there.GetStream().WriteAsync(buffer.AsMemory(0, read), stop);
                }

                there.Client.Shutdown(SocketShutdown.Send);
                await back;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
        }
    }

    private async Task<string> AddressAsync()
    {
        for (var waited = 0; ; waited++)
        {
            using var process = CommandProcess.StartWith(_here, _folder, "status", "--json");
            var (code, output, _) = await process.EndAsync(Stop);
            if (code == 0 && JsonNode.Parse(output)!["schedulers"]!.AsArray() is [{ } scheduler, ..] && scheduler["address"] is { } address)
                return address.GetValue<string>();
            Assert.True(waited < 600, "no scheduler within minutes");
            await Task.Delay(200, Stop);
        }
    }

    private static async Task<string> AmnreAsync(Dictionary<string, string> environment, int expected, string folder,
        params string[] arguments)
    {
        using var process = CommandProcess.StartWith(environment, folder, arguments);
        var (code, output, error) = await process.EndAsync(Stop);
        Assert.True(code == expected, $"amnre {string.Join(' ', arguments)} ended with {code}:\n{output}{error}");
        return output + error;
    }
}
