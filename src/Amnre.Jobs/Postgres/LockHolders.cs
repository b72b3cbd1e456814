using System.Globalization;
using Amnre.Engine;
using Amnre.Jobs.Ownership;

namespace Amnre.Jobs.Postgres;

/// <summary>Who holds a lock on a file, in words: by <c>/proc/locks</c>, see proc(5).</summary>
internal static class LockHolders
{
    private const string Unseen = "a process that cannot be seen from here (of another machine or container)";
    private const int MaxShown = 3;

    public static string Of(string path)
    {
        try
        {
            if (Owned.Of(path) is not { } file || !File.Exists("/proc/locks")) return Unseen;
            var holders = Pids([.. PlainFile.Lines("/proc/locks")], file).ToList();
            return holders.Count == 0
                ? Unseen
                : string.Join(", ", holders.Take(MaxShown).Select(Words))
                    + (holders.Count > MaxShown ? $" and {holders.Count - MaxShown} more" : "");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Unseen;
        }
    }

    /// <summary>Some file systems give locks another device than files, so a number that is found on no device of the name counts
    /// everywhere.</summary>
    internal static IEnumerable<int> Pids(IReadOnlyList<string> lines, Owned file)
    {
        var inode = $":{file.Inode.ToString(CultureInfo.InvariantCulture)}";
        // 1: FLOCK  ADVISORY  WRITE 4242 08:01:131 0 EOF; those that wait have an arrow, which moves the fields.
        var held = lines.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields.Length > 5 && fields[1] != "->" && fields[5].EndsWith(inode, StringComparison.Ordinal)).ToList();
        var here = held.Where(fields => fields[5] == file.Device + inode).ToList();
        return (here.Count > 0
            ? here
            : held).Select(fields => int.TryParse(fields[4], NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Where(pid => pid > 0).Distinct();
    }

    private static string Words(int pid)
    {
        var folder = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}");
        if (Owned.Of(folder) is not { } process)
            return string.Create(CultureInfo.InvariantCulture, $"process {pid}, which is not seen from here");
        var name = "";
        try
        {
            name = $" ({PlainFile.Text($"{folder}/comm").Trim()})";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }

        return string.Create(CultureInfo.InvariantCulture, $"process {pid}{name} of user {process.Owner}");
    }
}
