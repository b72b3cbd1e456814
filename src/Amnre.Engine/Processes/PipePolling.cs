using System.IO.Pipes;
using System.Runtime.InteropServices;

namespace Amnre.Engine.Processes;

/// <summary>Whether a pipe has bytes to read, without reading them.</summary>
internal static partial class PipePolling
{
    private const short Readable = 1; // POLLIN

    /// <param name="stream">A pipe's end for reading; of another stream nothing is known.</param>
    /// <param name="wait">How long bytes are waited for.</param>
    public static bool HasBytes(Stream stream, TimeSpan wait)
    {
        if (stream is not PipeStream { SafePipeHandle: { IsClosed: false } handle }) return false;
        var asked = new Asked { File = (int)handle.DangerousGetHandle(), Events = Readable };
        var answered = Poll(ref asked, 1, (int)wait.TotalMilliseconds);
        GC.KeepAlive(stream);
        return answered > 0 && (asked.Returned & Readable) != 0;
    }

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Asked
    {
        public int File;
        public short Events, Returned;
    }

    [LibraryImport("libc", EntryPoint = "poll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Poll(ref Asked asked, nuint count, int milliseconds);
}
