using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Amnre.Engine;

/// <summary>Forces folder entries to disk: a file's own flush does not save its name.</summary>
public static class FolderSync
{
    private const int ReadOnlyFolder = 0x10000; // O_RDONLY | O_DIRECTORY

    /// <summary>Flushes every folder below <paramref name="directory"/>, itself, and its parents up to and including
    /// <paramref name="root"/>.</summary>
    public static void FlushTree(string directory, string root)
    {
        foreach (var below in Directory.EnumerateDirectories(directory, "*", SearchOption.AllDirectories))
        {
            Flush(below);
        }

        for (var folder = directory; folder is not null && folder.Length >= root.Length; folder = Path.GetDirectoryName(folder))
        {
            Flush(folder);
        }
    }

    /// <exception cref="IOException">The folder cannot be opened or flushed.</exception>
    public static void Flush(string folder)
    {
        if (!OperatingSystem.IsLinux())
        {
            return; // Elsewhere folder entries are journalled by the file system.
        }

        var descriptor = Open(folder, ReadOnlyFolder);
        if (descriptor < 0)
        {
            throw new IOException($"cannot open folder {folder}", new Win32Exception(Marshal.GetLastPInvokeError()));
        }

        var failed = Sync(descriptor) != 0 ? Marshal.GetLastPInvokeError() : 0;
        _ = Close(descriptor);
        const int NotSupported = 22; // Some network file systems refuse to flush folders: nothing more can be done there.
        if (failed is not (0 or NotSupported))
        {
            throw new IOException($"cannot flush folder {folder}", new Win32Exception(failed));
        }
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Sync(int descriptor);

    [DllImport("libc", EntryPoint = "close", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
