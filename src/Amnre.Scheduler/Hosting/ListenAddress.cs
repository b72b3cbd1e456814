using System.Net;
using Amnre.Engine;

namespace Amnre.Scheduler.Hosting;

/// <summary>Where the pages may be served.</summary>
public static class ListenAddress
{
    /// <exception cref="InputException">Not an address, or open to others without a token.</exception>
    public static Uri Parse(string text, bool hasToken)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            throw new InputException($"'{text}' is no address to serve pages at: write it like http://127.0.0.1:8080");
        }

        return IsLoopback(address) || hasToken
            ? address
            : throw new InputException($"pages at {text} could be read by everyone who reaches it: set {AccessTokens.OperatorVariable} or {AccessTokens.ViewerVariable}, or name a file with --token-file, or serve at http://127.0.0.1:0");
    }

    public static bool IsLoopback(Uri address) =>
        address.Host is "localhost" || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));
}
