using System.Globalization;
using Amnre.Engine;
using Amnre.Jobs.Ownership;

namespace Amnre.Jobs.Postgres;

/// <summary>Which processes of this machine use a data directory: PostgreSQL's all have it as their working directory. See
/// proc(5).</summary>
internal static class ServerProcesses
{
    /// <summary>Where processes can be looked at.</summary>
    public static bool AreSeen { get; } = Directory.Exists("/proc/self");

    /// <param name="data">A data directory.</param>
    /// <param name="account">That its server runs as. Where its processes may not be looked into, each server of that account
    /// counts.</param>
    public static IReadOnlyList<int> At(string data, ServerAccount account)
    {
        if (Owned.Of(data) is not { } folder) return [];
        var user = account.IsOurs ? Owned.Us : account.UserId;
        return [.. All()
            .Where(pid => IsServer(pid) && Owned.Of(Of(pid))?.UserId == user
                && (Owned.Of($"{Of(pid)}/cwd/.") is not { } at || (at.Inode == folder.Inode && at.Device == folder.Device)))];
    }

    private static IEnumerable<int> All() => Directory.EnumerateDirectories("/proc")
        .Select(path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
        .Where(pid => pid > 0);

    private static bool IsServer(int pid)
    {
        try
        {
            // 4242 (postgres) S …; a zombie works no more.
            var stat = PlainFile.Text($"{Of(pid)}/stat");
            var (begin, end) = (stat.IndexOf('(', StringComparison.Ordinal), stat.LastIndexOf(") ", StringComparison.Ordinal));
            return begin > 0 && end > begin && stat[(begin + 1)..end] is ("postgres" or "postmaster") && stat[end + 2] is not ('Z' or 'X');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // It has ended.
        }
    }

    private static string Of(int pid) => string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}");
}
