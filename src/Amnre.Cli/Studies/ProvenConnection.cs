using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Amnre.Scheduler.Access;

namespace Amnre.Cli.Studies;

/// <summary>Connections over which the listener has proved to know a token before it is sent. Each connection is asked, because a
/// stranger may listen at the address as soon as the scheduler there has ended; and the proof names the address, so that a stranger cannot
/// pass the question on to where the scheduler is.</summary>
internal static class ProvenConnection
{
    private const int LongestAnswer = 16 << 10;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <returns>The token that the scheduler at an address proves to know; null where it proves none.</returns>
    public static async Task<StoreToken?> FindAsync(Uri address, IReadOnlyList<StoreToken> tokens, CancellationToken stop)
    {
        // What speaks TLS is a proxy: the scheduler behind it has another address, and nothing can be proved through it.
        if (tokens.Count == 0 || address.Scheme != Uri.UriSchemeHttp) return null;
        try
        {
            var (stream, proven) = await OpenAsync(new DnsEndPoint(address.IdnHost, address.Port), tokens, stop);
            await stream.DisposeAsync();
            return proven;
        }
        catch (Exception e) when (e is IOException or SocketException || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return null; // The request that follows reports that there is no answer.
        }
    }

    /// <summary>For a client that sends a token with every request.</summary>
    public static SocketsHttpHandler Handler(StoreToken token) => new()
    {
        UseCookies = false,
        AllowAutoRedirect = false,
        UseProxy = false,
        ConnectCallback = async (context, stop) =>
        {
            var (stream, proven) = await OpenAsync(context.DnsEndPoint, [token], stop);
            if (proven is not null) return stream;
            await stream.DisposeAsync();
            throw new IOException("another program listens there now");
        },
    };

    private static async Task<(Stream Stream, StoreToken? Proven)> OpenAsync(DnsEndPoint address, IReadOnlyList<StoreToken> tokens,
        CancellationToken stop)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stop);
        timeout.CancelAfter(Timeout);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, timeout.Token);
            var stream = new NetworkStream(socket, ownsSocket: true);
            var there = (IPEndPoint)socket.RemoteEndPoint!;
            var nonce = RandomNumberGenerator.GetHexString(64, lowercase: true);
            var host = address.Host.Contains(':', StringComparison.Ordinal) ? $"[{address.Host}]" : address.Host;
            await stream.WriteAsync(
                Encoding.ASCII.GetBytes(
                    $"GET /api/proof?nonce={nonce} HTTP/1.1\r\nHost: {host}:{address.Port}\r\nAccept: text/plain\r\n\r\n"), timeout.Token);
            var answer = await AnswerAsync(stream, timeout.Token);
            return (stream, answer is null ? null : tokens.FirstOrDefault(token => Fits(token, nonce, there, answer)));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static bool Fits(StoreToken token, string nonce, IPEndPoint there, string answer) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token.Proof(nonce, there.Address, there.Port)),
            Encoding.UTF8.GetBytes(answer));

    /// <summary>The body of an answer that a scheduler of ours gives: with its length, and read to its last byte, so that the next request
    /// starts clean.</summary>
    private static async Task<string?> AnswerAsync(NetworkStream stream, CancellationToken stop)
    {
        var (buffer, filled) = (new byte[LongestAnswer], 0);
        while (true)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(filled), stop);
            if (read == 0) return null;
            filled += read;
            if (Body(buffer.AsSpan(0, filled)) is { } whole) return whole;
            if (filled == buffer.Length || IsOther(buffer.AsSpan(0, filled))) return null;
        }
    }

    /// <summary>Null while something is missing.</summary>
    internal static string? Body(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0 || !answer.StartsWith("HTTP/1.1 200 "u8)) return null;
        var length = Encoding.Latin1.GetString(answer[..end]).Split("\r\n").Skip(1).Select(line => line.Split(':', 2))
            .Where(field => field.Length == 2 && field[0].Trim().Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
            .Select(field => int.TryParse(field[1].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : -1)
            .FirstOrDefault(-1);
        var body = answer[(end + 4)..];
        return length < 0 || body.Length != length ? null : Encoding.Latin1.GetString(body);
    }

    /// <summary>Whether it is clear from its beginning that this is no proof.</summary>
    private static bool IsOther(ReadOnlySpan<byte> answer)
    {
        var good = "HTTP/1.1 200 "u8;
        var known = Math.Min(good.Length, answer.Length);
        return !answer[..known].SequenceEqual(good[..known]);
    }
}
