using System.Security.Cryptography;

namespace Amnre.Scheduler.Access;

/// <summary>Who is signed in by a browser. Only this process knows: what a browser keeps is a number by chance, which opens nothing after
/// signing out, at another scheduler, or after a restart, and nothing once the token that opened the session has been replaced.</summary>
internal sealed class Sessions(AccessTokens tokens, TimeProvider clock)
{
    private const int MaxOpen = 10_000;
    private static readonly TimeSpan Length = TimeSpan.FromHours(12);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Session> _open = new(StringComparer.Ordinal);

    /// <returns>What the browser keeps, and until when.</returns>
    public (string Value, DateTimeOffset Ends) Open(AccessToken token)
    {
        var (value, now) = (RandomNumberGenerator.GetHexString(64, lowercase: true), clock.GetUtcNow());
        lock (_gate)
        {
            foreach (var over in _open.Where(one => one.Value.Ends < now).Select(one => one.Key).ToList()) _open.Remove(over);
            if (_open.Count >= MaxOpen) _open.Remove(_open.MinBy(one => one.Value.Ends).Key);
            _open[value] = new Session(token, now + Length);
        }

        return (value, now + Length);
    }

    public AccessRole RoleOf(string? value)
    {
        Session? session;
        lock (_gate)
        {
            if (value is null || !_open.TryGetValue(value, out session) || session.Ends < clock.GetUtcNow()) return AccessRole.None;
        }

        return tokens.RoleOf(session.Token);
    }

    /// <summary>A kept copy of it is no longer valid.</summary>
    public void End(string? value)
    {
        if (value is null) return;
        lock (_gate) _open.Remove(value);
    }

    private sealed record Session(AccessToken Token, DateTimeOffset Ends);
}
