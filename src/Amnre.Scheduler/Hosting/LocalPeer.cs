using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Amnre.Scheduler.Hosting;

/// <summary>Whether the other end of a loopback connection belongs to the user that runs this process: others share login nodes.</summary>
internal static class LocalPeer
{
    private const int Local = 1, Remote = 2, State = 3, Uid = 7;
    private const string Established = "01";
    private static readonly string[] Tables = ["/proc/net/tcp", "/proc/net/tcp6"];

    public static bool IsOwn(ConnectionInfo connection)
    {
        try
        {
            return IsOwn([.. Tables.Where(File.Exists).SelectMany(File.ReadLines)], connection.LocalPort, connection.RemotePort);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <param name="lines">Of <c>/proc/net/tcp</c>; see proc(5).</param>
    internal static bool IsOwn(IReadOnlyList<string> lines, int server, int client) =>
        Owner(lines, server, client) is { } ours && Owner(lines, client, server) == ours;

    /// <summary>Null when there are none or several: then nobody is sure.</summary>
    private static string? Owner(IReadOnlyList<string> lines, int port, int peer)
    {
        var owners = lines.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields.Length > Uid && fields[State] == Established && Port(fields[Local]) == port && Port(fields[Remote]) == peer)
            .Select(fields => fields[Uid]).Distinct().ToList();
        return owners is [var only] ? only : null;
    }

    private static int? Port(string address) =>
        int.TryParse(address[(address.LastIndexOf(':') + 1)..], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var port) ? port : null;
}
