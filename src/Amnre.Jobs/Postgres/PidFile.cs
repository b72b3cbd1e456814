using System.Globalization;
using Amnre.Engine;

namespace Amnre.Jobs.Postgres;

/// <summary>What a server writes down about itself: <c>postmaster.pid</c> in its data directory. After a crash of the machine it stays, and
/// its number may be another process's by then, so it is believed only where a server runs in that directory.</summary>
internal sealed class PidFile(string data, ServerAccount account)
{
    public string Path { get; } = System.IO.Path.Combine(data, "postmaster.pid");

    public ServerState Look()
    {
        var pids = ServerProcesses.At(data, account);
        var lines = Lines();
        if (pids.Count == 0) return lines is null ? new ServerState.Down() : new ServerState.Stale();
        var postmaster = lines is [var first, ..] && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
            && pids.Contains(pid) ? pid : 0;
        // The fifth line is the folder of its socket, which comes last.
        return postmaster > 0 && lines is [_, _, _, _, { Length: > 0 } socket, ..]
            ? new ServerState.Up(postmaster, socket)
            : new ServerState.Between(pids);
    }

    /// <returns>Null where there is none.</returns>
    private IReadOnlyList<string>? Lines()
    {
        try
        {
            return File.Exists(Path) ? [.. PlainFile.Lines(Path)] : null;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}

/// <summary>How a server stands.</summary>
internal abstract record ServerState
{
    /// <summary>Takes connections, or will.</summary>
    public sealed record Up(int Pid, string Socket) : ServerState;

    /// <summary>On its way up or down, or its children outlive it.</summary>
    public sealed record Between(IReadOnlyList<int> Pids) : ServerState;

    /// <summary>Not there, but what it wrote down about itself is.</summary>
    public sealed record Stale : ServerState;

    public sealed record Down : ServerState;
}
