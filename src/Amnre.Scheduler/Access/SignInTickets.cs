using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;

namespace Amnre.Scheduler.Access;

/// <summary>What became of a ticket that was presented.</summary>
internal enum TicketFate
{
    /// <summary>It opens a session, this once.</summary>
    Good,

    /// <summary>It has opened one before.</summary>
    Used,

    /// <summary>Its time is over.</summary>
    Ended,

    /// <summary>It is of another start of the scheduler, of another token, or made up.</summary>
    Unknown,

    /// <summary>It has not the form of one: part of it is missing, or something was added.</summary>
    Malformed,
}

/// <summary>Links that sign a browser in: a statement about one start of one scheduler with an end, signed with a token and not holding it.
/// Each opens one session, so that what a history or a proxy's log keeps of it opens none.</summary>
internal sealed class SignInTickets(SchedulerIdentity identity, AccessTokens tokens, TimeProvider clock)
{
    public const string Path = "/enter";

    /// <summary>Of the query that holds it. Short, as all of it: a link is to fit into a line of a terminal.</summary>
    public const string Parameter = "t";

    /// <summary>Bytes: seconds since 1970 of its end, a number by chance, a signature.</summary>
    private const int EndSize = 5, NumberSize = 6, SignatureSize = 16, HeadSize = EndSize + NumberSize;

    private static readonly TimeSpan Length = TimeSpan.FromHours(12);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _used = new(StringComparer.Ordinal);

    /// <param name="address">Of the pages; one that stands for all of this machine's is written with its name.</param>
    /// <param name="ticket">For the scheduler there.</param>
    public static string Link(string address, string ticket)
    {
        var link = new UriBuilder(address) { Path = Path, Query = $"{Parameter}={ticket}" };
        if (link.Host is "0.0.0.0" or "[::]") link.Host = Environment.MachineName;
        return link.Uri.ToString();
    }

    public static string New(AccessToken token, string scheduler, TimeProvider clock)
    {
        Span<byte> ends = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(ends, (clock.GetUtcNow() + Length).ToUnixTimeSeconds());
        byte[] head = [.. ends[^EndSize..], .. RandomNumberGenerator.GetBytes(NumberSize)];
        return Base64Url.EncodeToString([.. head, .. Signature(token, scheduler, head)]);
    }

    /// <returns>What became of it, and when it is good the token that it was signed with.</returns>
    public (TicketFate Fate, AccessToken? Token) Use(string? ticket)
    {
        var bytes = new byte[HeadSize + SignatureSize];
        if (ticket is null || !Base64Url.IsValid(ticket, out var size) || size != bytes.Length
            || !Base64Url.TryDecodeFromChars(ticket, bytes, out _)) return (TicketFate.Malformed, null);
        var head = bytes[..HeadSize];
        if (tokens.First(token => CryptographicOperations.FixedTimeEquals(bytes.AsSpan(HeadSize), Signature(token, identity.Id, head)))
            is not { } signer) return (TicketFate.Unknown, null);

        var (ends, now) = (BinaryPrimitives.ReadInt64BigEndian([0, 0, 0, .. head.AsSpan(0, EndSize)]),
            clock.GetUtcNow().ToUnixTimeSeconds());
        if (ends < now) return (TicketFate.Ended, null);
        lock (_gate)
        {
            foreach (var over in _used.Where(one => one.Value < now).Select(one => one.Key).ToList()) _used.Remove(over);
            return _used.TryAdd(Convert.ToHexString(head), ends) ? (TicketFate.Good, signer) : (TicketFate.Used, null);
        }
    }

    private static byte[] Signature(AccessToken token, string scheduler, byte[] head) =>
        Convert.FromHexString(
            token.Sign(string.Create(CultureInfo.InvariantCulture, $"enter {scheduler} {Convert.ToHexString(head)}")))[..SignatureSize];
}
