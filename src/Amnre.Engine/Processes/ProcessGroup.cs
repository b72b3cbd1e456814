using System.Runtime.InteropServices;

namespace Amnre.Engine.Processes;

/// <summary>A program and all that it started, apart from what left for a session of its own: <see cref="ProgramMark"/> finds
/// that.</summary>
internal static partial class ProcessGroup
{
    /// <summary>Starts what follows as the leader of a new session and so of a new group, in the same process.</summary>
    public const string Leader = "/usr/bin/setsid";

    private const int SigKill = 9, SigStop = 19;

    /// <summary>Kills every member; one that is gone already is no error.</summary>
    /// <param name="id">Process id of the leader.</param>
    public static void Kill(int id)
    {
        // 0 and 1 would mean our own group and everybody.
        ArgumentOutOfRangeException.ThrowIfLessThan(id, 2);
        _ = SendSignal(-id, SigKill);
    }

    /// <summary>Stops one process; one that is gone already is no error.</summary>
    public static void Stop(int id) => Signal(id, SigStop);

    /// <summary>Kills one process; one that is gone already is no error.</summary>
    public static void KillOne(int id) => Signal(id, SigKill);

    private static void Signal(int id, int signal)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(id, 2);
        _ = SendSignal(id, signal);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SendSignal(int id, int signal);
}
