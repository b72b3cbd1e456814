using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;

namespace Amnre.Simulation.Tests.Interleavings;

/// <summary>A proxy between one actor and PostgreSQL that reads the wire protocol and holds back every request until it is let through: the
/// actor's code is the real one, unchanged, and moves one statement at a time.</summary>
internal sealed class GatedConnection : IAsyncDisposable
{
    /// <summary>What the driver sends ahead of, and together with, the next statement.</summary>
    private static readonly string[] Prepended = ["BEGIN", "DISCARD", "RESET", "CLOSE", "UNLISTEN", "SET ",
        "SELECT pg_advisory_unlock_all"];

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ended = new();
    private readonly string _socket;
    private readonly Lock _lock = new();
    private TaskCompletionSource? _gate;
    private int _answersDue;

    public GatedConnection(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        _socket = Path.Combine(settings.Host!, $".s.PGSQL.{settings.Port}");
        _listener.Start();
        _ = AcceptAsync();
        Database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString)
        {
            Host = "127.0.0.1",
            Port = ((IPEndPoint)_listener.LocalEndpoint).Port,
            SslMode = SslMode.Disable,
            GssEncryptionMode = GssEncryptionMode.Disable,
            MaxPoolSize = 3,
            KeepAlive = 0,
        });
    }

    public NpgsqlDataSource Database { get; }

    /// <summary>The server's process that does the latest request, for asking what it waits for.</summary>
    public int Backend { get; private set; }

    /// <summary>A request waits to be let through.</summary>
    public bool IsAtGate
    {
        get
        {
            lock (_lock)
            {
                return _gate is not null;
            }
        }
    }

    /// <summary>A request was let through and is not answered.</summary>
    public bool IsInFlight
    {
        get
        {
            lock (_lock)
            {
                return _answersDue > 0;
            }
        }
    }

    /// <summary>The first word of what waits.</summary>
    public string Waiting { get; private set; } = "";

    /// <summary>While open nothing is held back.</summary>
    public bool IsOpen { get; set; } = true;

    public void Release()
    {
        lock (_lock)
        {
            _gate!.SetResult();
            _gate = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _listener.Stop();
        await Database.DisposeAsync();
        _ended.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_ended.Token);
                client.NoDelay = true;
                var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await server.ConnectAsync(new UnixDomainSocketEndPoint(_socket), _ended.Token);
                _ = CarryAsync(client.GetStream(), new NetworkStream(server, ownsSocket: true));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end.
        }
    }

    private async Task CarryAsync(Stream client, Stream server)
    {
        await using var both = client;
        await using var other = server;
        var authenticated = new TaskCompletionSource<int>();
        await Task.WhenAny(RequestsAsync(client, server, authenticated.Task), AnswersAsync(server, client, authenticated));
    }

    /// <summary>What ends a step: an extended query's Sync, or a transaction's end. A BEGIN travels with what follows it, as the driver
    /// sends it.</summary>
    private async Task RequestsAsync(Stream client, Stream server, Task<int> authenticated)
    {
        var batch = new MemoryStream();
        var answers = 0;
        await CopyAsync(client, server, await ReadAsync(client, 4), hasType: false);
        while (true)
        {
            var head = await ReadAsync(client, 5);
            var body = await ReadAsync(client, BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1)) - 4);
            var type = (char)head[0];
            if (!authenticated.IsCompleted || type == 'X')
            {
                await server.WriteAsync(head.Concat(body).ToArray(), _ended.Token);
                continue;
            }

            batch.Write(head);
            batch.Write(body);
            if (type == 'P') Waiting = Encoding.UTF8.GetString(body).Trim('\0', ' ', '\n').Split(' ', '\n', '\0')[0];
            if (type is 'Q' or 'S') answers++;
            var said = type == 'Q' ? Encoding.UTF8.GetString(body).TrimEnd('\0') : "";
            var ends = type == 'S' || (type == 'Q' && !Array.Exists(Prepended, said.StartsWith));
            if (!ends) continue;
            if (type == 'Q') Waiting = said;
            if (!IsOpen) await GateAsync();
            var backend = await authenticated;
            lock (_lock)
            {
                Backend = backend;
                _answersDue += answers;
            }

            answers = 0;
            await server.WriteAsync(batch.ToArray(), _ended.Token);
            batch.SetLength(0);
        }
    }

    private Task GateAsync()
    {
        lock (_lock)
        {
            _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _gate.Task;
        }
    }

    private async Task AnswersAsync(Stream server, Stream client, TaskCompletionSource<int> authenticated)
    {
        var backend = 0;
        while (true)
        {
            var head = await ReadAsync(server, 5);
            var body = await ReadAsync(server, BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1)) - 4);
            if (head[0] == 'K') backend = BinaryPrimitives.ReadInt32BigEndian(body);
            if (head[0] == 'Z' && !authenticated.TrySetResult(backend))
            {
                lock (_lock)
                {
                    _answersDue--;
                }
            }

            await client.WriteAsync(head.Concat(body).ToArray(), _ended.Token);
        }
    }

    private async Task CopyAsync(Stream from, Stream to, byte[] length, bool hasType)
    {
        var body = await ReadAsync(from, BinaryPrimitives.ReadInt32BigEndian(length) - (hasType ? 0 : 4));
        await to.WriteAsync(length.Concat(body).ToArray(), _ended.Token);
    }

    private async Task<byte[]> ReadAsync(Stream from, int count)
    {
        var bytes = new byte[count];
        await from.ReadExactlyAsync(bytes, _ended.Token);
        return bytes;
    }
}
