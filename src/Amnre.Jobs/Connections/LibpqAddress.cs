using Amnre.Engine;

namespace Amnre.Jobs.Connections;

/// <summary>libpq's <c>postgresql://user:password@host:port/database?parameter=value</c>, each part in percent-encoding.</summary>
internal static class LibpqAddress
{
    private static readonly string[] Schemes = ["postgresql://", "postgres://"];

    /// <returns>Null when it is not of this form.</returns>
    /// <exception cref="InputException">It begins so, and continues otherwise.</exception>
    public static IReadOnlyList<(string Keyword, string Value)>? Parameters(string text, string name)
    {
        text = text.Trim();
        if (Schemes.FirstOrDefault(scheme => text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) is not { } begin) return null;
        var (address, query) = Cut(text[begin.Length..], '?');
        var (authority, database) = Cut(address, '/');
        if (database.Contains('@', StringComparison.Ordinal) || query.Contains('@', StringComparison.Ordinal)
            || authority.Count(c => c == '@') > 1)
            throw ConnectionText.Unreadable(name,
                "in a user's name or a password of an address '/' is written %2F, '?' %3F, '@' %40 and ':' %3A");
        var (login, hosts) = authority.Contains('@', StringComparison.Ordinal) ? Cut(authority, '@') : ("", authority);
        var (user, password) = Cut(login, ':');
        var places = hosts.Split(',').Select(Place).ToList();
        var found = new List<(string Keyword, string Value)>
        {
            ("host", string.Join(',', places.Select(place => place.Host))), ("port", string.Join(',', places.Select(place => place.Port))),
            ("dbname", database), ("user", user), ("password", password),
        };
        found.AddRange(query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(one => Cut(one, '=')));
        var unknown = found.Find(one => !LibpqParameters.Known(one.Keyword));
        if (unknown.Keyword is not null) throw ConnectionText.Unreadable(name, "one of the parameters behind its '?' is not libpq's");
        return [.. found.Where(one => one.Value.Length > 0 && (one.Keyword != "port" || one.Value.Trim(',').Length > 0))
            .Select(one => (one.Keyword, Uri.UnescapeDataString(one.Value)))];
    }

    /// <summary>An address of IPv6 stands in brackets.</summary>
    private static (string Host, string Port) Place(string text)
    {
        var behind = text.StartsWith('[') ? text.IndexOf(']', StringComparison.Ordinal) : -1;
        return behind < 0 ? Cut(text, ':') : (text[1..behind], text[(behind + 1)..].TrimStart(':'));
    }

    private static (string Before, string Behind) Cut(string text, char at) =>
        text.IndexOf(at, StringComparison.Ordinal) is var place and >= 0 ? (text[..place], text[(place + 1)..]) : (text, "");
}
