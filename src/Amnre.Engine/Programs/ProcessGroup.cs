using System.Runtime.InteropServices;

namespace Amnre.Engine.Programs;

/// <summary>A program and all that it started, apart from what left for a session of its own.</summary>
internal static partial class ProcessGroup
{
    /// <summary>Starts what follows as the leader of a new session and so of a new group, in the same process.</summary>
    public const string Leader = "/usr/bin/setsid";

    private const int SigKill = 9;

    /// <summary>Kills every member; one that is gone already is no fault.</summary>
    /// <param name="id">Process id of the leader.</param>
    public static void Kill(int id)
    {
        // 0 and 1 would mean our own group and everybody.
        ArgumentOutOfRangeException.ThrowIfLessThan(id, 2);
        _ = SendSignal(-id, SigKill);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SendSignal(int id, int signal);
}
