using System.Net;

namespace Amnre.Cli.Studies;

/// <summary>This machine's own addresses are asked directly, whatever <c>http_proxy</c> says: what a proxy calls 127.0.0.1 is
/// itself.</summary>
internal sealed class DirectLoopback(IWebProxy proxy) : IWebProxy
{
    private static readonly string[] Variables = ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];

    /// <summary>Names of the variables that are set.</summary>
    public static IReadOnlyList<string> Set => [.. Variables.Where(name => Environment.GetEnvironmentVariable(name) is { Length: > 0 })];

    public ICredentials? Credentials { get => proxy.Credentials; set => proxy.Credentials = value; }

    /// <summary>From now on, for all of this process.</summary>
    public static void Apply()
    {
        if (Set.Count > 0 && HttpClient.DefaultProxy is not DirectLoopback)
            HttpClient.DefaultProxy = new DirectLoopback(HttpClient.DefaultProxy);
    }

    public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null : proxy.GetProxy(destination);

    public bool IsBypassed(Uri host) => host.IsLoopback || proxy.IsBypassed(host);
}
