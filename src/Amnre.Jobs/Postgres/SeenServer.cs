using Amnre.Jobs.Ownership;

namespace Amnre.Jobs.Postgres;

/// <summary>A private database as it lies there.</summary>
/// <param name="Folder">Of the store's.</param>
/// <param name="Open">Who can do what there and should not; null when there is no one.</param>
/// <param name="Stale">A server's note about itself that no server stands for; null when there is none.</param>
/// <param name="Said">How the server stands.</param>
/// <param name="Socket">Folder of its socket; null before the first start.</param>
/// <param name="SocketError">What is wrong with it; null when nothing is.</param>
public sealed record SeenServer(string Folder, string? Open, string? Stale, string Said, string? Socket, string? SocketError)
{
    private const UnixFileMode Reading = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead
        | UnixFileMode.OtherWrite;

    internal static SeenServer Of(string folder)
    {
        var account = ServerAccount.Choose();
        var home = ServerHome.Of(folder, account);
        var file = new PidFile(Path.Combine(home, "cluster"), account);
        var state = ServerProcesses.AreSeen ? file.Look() : new ServerState.Down();
        var socket = SocketFolder.NotedIn(home);
        return new SeenServer(folder, OpenTo(folder, home), state is ServerState.Stale ? file.Path : null, state switch
        {
            ServerState.Up up => $"a server is up: process {up.Pid}",
            ServerState.Between between => $"a server is on its way up or down: processes {string.Join(' ', between.Pids)}",
            _ => "no server runs; the next command starts it",
        }, socket, socket is null ? null : SocketErrorOf(socket, account));
    }

    private static string? OpenTo(string folder, string home)
    {
        foreach (var path in new[] { folder, home, Path.Combine(folder, "password"), Path.Combine(folder, "lock"),
            Path.Combine(folder, "users"), Path.Combine(folder, "door") })
            if (Owned.Of(path) is { } owned && (owned.Mode & Reading) != 0) return $"{path} can be read or changed by others";
        return null;
    }

    private static string? SocketErrorOf(string socket, ServerAccount account) => Owned.Of(socket) is not { } owned ? null
        : !owned.IsFolder || !account.Owns(owned) ? $"{socket}, for the socket of the store's database, belongs to user {owned.Owner}"
        : (owned.Mode & Owned.Others) != 0 ? $"{socket}, for the socket of the store's database, is open to others" : null;
}
