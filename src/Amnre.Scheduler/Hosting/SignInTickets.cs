using System.Globalization;
using System.Security.Cryptography;

namespace Amnre.Scheduler.Hosting;

/// <summary>What became of a ticket that somebody presented.</summary>
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
}

/// <summary>Links that sign a browser in: a statement about one start of one scheduler with an end, signed with a token and not holding it. Each opens one session,
/// so that what a history or a proxy's log keeps of it opens none.</summary>
internal sealed class SignInTickets(SchedulerIdentity identity, AccessTokens tokens, TimeProvider clock)
{
    public const string Path = "/enter";

    /// <summary>Of the query that holds it.</summary>
    public const string Parameter = "ticket";

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
        var (ends, number) = ((clock.GetUtcNow() + Length).ToUnixTimeSeconds(), RandomNumberGenerator.GetHexString(16, lowercase: true));
        return string.Create(CultureInfo.InvariantCulture, $"{ends:x}.{number}.{Signature(token, scheduler, ends, number)}");
    }

    /// <returns>What became of it, and when it is good the token that it was signed with.</returns>
    public (TicketFate Fate, AccessToken? Token) Use(string? ticket)
    {
        if (ticket?.Split('.') is not [var end, var number, var signature] || !long.TryParse(end, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var ends)
            || tokens.First(token => AccessToken.AreSame(signature, Signature(token, identity.Id, ends, number))) is not { } signer)
        {
            return (TicketFate.Unknown, null);
        }

        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        if (ends < now) return (TicketFate.Ended, null);
        lock (_gate)
        {
            foreach (var over in _used.Where(one => one.Value < now).Select(one => one.Key).ToList()) _used.Remove(over);
            return _used.TryAdd(number, ends) ? (TicketFate.Good, signer) : (TicketFate.Used, null);
        }
    }

    private static string Signature(AccessToken token, string scheduler, long ends, string number) =>
        token.Sign(string.Create(CultureInfo.InvariantCulture, $"enter {scheduler} {ends} {number}"))[..32];
}
