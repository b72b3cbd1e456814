using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Amnre.Jobs.Ownership;

/// <summary>The system's advisory lock of a whole file (flock). It ends with the handle, or with the process.</summary>
/// <remarks>The runtime's own, which every opened file would get, is off (<c>Directory.Build.props</c>): any user that can read a file can
/// hold such a lock on it, and would keep everybody else from reading a store.</remarks>
internal static class FileLock
{
    /// <summary>EAGAIN.</summary>
    internal const int WouldBlock = 11;

    private const int ForAll = 1;
    private const int ForOne = 2;
    private const int WithoutWaiting = 4;
    private const int Interrupted = 4;

    /// <returns>False when others hold it so that this cannot.</returns>
    /// <exception cref="IOException">The file system has no locks.</exception>
    public static bool TryTake(SafeFileHandle file, string path, bool exclusive)
    {
        while (Flock(file, (exclusive ? ForOne : ForAll) | WithoutWaiting) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error == WouldBlock) return false;
            if (error != Interrupted) throw new IOException($"{path} cannot be locked: {Marshal.GetPInvokeErrorMessage(error)}", error);
        }

        return true;
    }

    [DllImport("libc", EntryPoint = "flock", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Flock(SafeFileHandle file, int operation);
}
