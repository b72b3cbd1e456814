using System.Net;
using Amnre.Engine;

namespace Amnre.Scheduler.Access;

/// <summary>Where the pages may be served.</summary>
public static class ListenAddress
{
    /// <exception cref="InputException">Not an address.</exception>
    public static Uri Parse(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw new InputException($"'{text}' is no address to serve pages at: write it like http://127.0.0.1:8080");

    public static bool IsLoopback(Uri address) => IsLocalName(address.Host);

    /// <summary>Whether a host's name stands for this machine at every resolver, so that no other site's page can have it.</summary>
    internal static bool IsLocalName(string host) =>
        host is "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));
}
