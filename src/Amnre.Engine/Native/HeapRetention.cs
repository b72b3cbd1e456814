using System.Runtime.InteropServices;

namespace Amnre.Engine.Native;

/// <summary>Keeps freed tensor memory in the process.</summary>
/// <remarks>A training step frees its activations at its end and asks for as much again at the next one. glibc would give the
/// memory back to the system in between, and every page would be faulted in again: a seventh of a step of seven layers of 256.</remarks>
internal static partial class HeapRetention
{
    private const int TrimThreshold = -1, MapThreshold = -3;

    /// <summary>Largest free memory at the heap's end that is kept, bytes.</summary>
    private const int Kept = 1 << 30;

    /// <summary>Blocks above this are mapped on their own; glibc allows no more than this.</summary>
    private const int LargestOnHeap = 32 << 20;

    /// <summary>Nothing comes of it where the C library does not take both settings.</summary>
    public static void Apply()
    {
        try
        {
            _ = SetOption(TrimThreshold, Kept) != 0 && SetOption(MapThreshold, LargestOnHeap) != 0;
        }
        catch (EntryPointNotFoundException)
        {
            // Not glibc.
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetOption(int option, int value);
}
