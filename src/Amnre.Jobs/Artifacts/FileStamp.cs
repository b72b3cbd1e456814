using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Amnre.Jobs.Artifacts;

/// <summary>What tells without reading it that a file is the one that was read before: which file it is, how large, and when it was last
/// changed, in what it holds (modified) and in any way (changed, which no program can set).</summary>
/// <param name="Modified">In nanoseconds since 1970.</param>
/// <param name="Changed">In nanoseconds since 1970.</param>
public readonly record struct FileStamp(ulong Device, ulong Inode, ulong Bytes, Int128 Modified, Int128 Changed)
{
    private const int Here = -100; // AT_FDCWD
    private const uint BasicFields = 0x7ff; // STATX_BASIC_STATS
    private const int Size = 256; // of struct statx, the same on every architecture

    /// <returns>Null when the system does not tell; then the file is to be read.</returns>
    public static FileStamp? Of(string path)
    {
        var buffer = new byte[Size];
        if (Statx(Here, path, 0, BasicFields, buffer) != 0) return null;
        return new FileStamp(UInt64(buffer, 136), UInt64(buffer, 32), UInt64(buffer, 40), Time(buffer, 112), Time(buffer, 96));
    }

    private static ulong UInt64(byte[] buffer, int at) => BinaryPrimitives.ReadUInt64LittleEndian(buffer.AsSpan(at));

    private static Int128 Time(byte[] buffer, int at) =>
        ((Int128)BinaryPrimitives.ReadInt64LittleEndian(buffer.AsSpan(at)) * 1_000_000_000)
        + BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(at + 8));

    [DllImport("libc", EntryPoint = "statx", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Statx(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, [Out]
        byte[] buffer);
}
