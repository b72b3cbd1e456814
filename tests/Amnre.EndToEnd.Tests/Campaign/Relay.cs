using System.Net;
using System.Net.Sockets;

namespace Amnre.EndToEnd.Tests.Campaign;

/// <summary>Carries TCP connections to PostgreSQL's Unix socket, for workers whose network can be cut.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly string _socket;
    private readonly CancellationTokenSource _ended = new();

    public Relay(IPAddress address, string socket)
    {
        _socket = socket;
        _listener = new TcpListener(address, 0);
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _listener.Stop();
        _ended.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_ended.IsCancellationRequested)
        {
            try
            {
                _ = CarryAsync(await _listener.AcceptTcpClientAsync(_ended.Token));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task CarryAsync(TcpClient client)
    {
        using var near = client;
        using var far = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await far.ConnectAsync(new UnixDomainSocketEndPoint(_socket), _ended.Token);
            await using var one = near.GetStream();
            await using var other = new NetworkStream(far);
            await Task.WhenAny(one.CopyToAsync(other, _ended.Token), other.CopyToAsync(one, _ended.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or IOException)
        {
            // The server is away: the worker sees its connection close.
        }
    }
}
