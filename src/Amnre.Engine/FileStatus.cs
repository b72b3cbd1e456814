using System.Runtime.InteropServices;

namespace Amnre.Engine;

/// <summary>What the system tells of a file or folder, by statx(2).</summary>
/// <param name="UserId">Its owner.</param>
/// <param name="Mode">Kind (<c>S_IFMT</c>) and permissions.</param>
/// <param name="Inode">Its number on its device.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Major">Of its device.</param>
/// <param name="Minor">Of its device.</param>
/// <param name="Modified">When its content was last changed, in nanoseconds since 1970.</param>
/// <param name="Changed">When it was last changed in any way, which no program can set, in nanoseconds since 1970.</param>
public readonly record struct FileStatus(
    uint UserId, ushort Mode, ulong Inode, ulong Bytes, uint Major, uint Minor, Int128 Modified, Int128 Changed)
{
    // AT_FDCWD, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS and struct statx of linux/stat.h, the same on every architecture.
    private const int FromHere = -100, LinkItself = 0x100, Basic = 0x7ff, Room = 256;
    private const int UserAt = 20, ModeAt = 28, InodeAt = 32, SizeAt = 40, ChangedAt = 96, ModifiedAt = 112, MajorAt = 136, MinorAt = 140;

    /// <param name="path">Of a file, or of anything else.</param>
    /// <param name="link">Look at a symbolic link itself, not at what it leads to.</param>
    /// <returns>Null where the system does not tell; <see cref="Marshal.GetLastPInvokeError"/> says why.</returns>
    public static FileStatus? Of(string path, bool link)
    {
        Span<byte> about = stackalloc byte[Room];
        if (Statx(FromHere, path, link ? LinkItself : 0, Basic, ref MemoryMarshal.GetReference(about)) != 0) return null;
        return new FileStatus(
            MemoryMarshal.Read<uint>(about[UserAt..]), MemoryMarshal.Read<ushort>(about[ModeAt..]),
            MemoryMarshal.Read<ulong>(about[InodeAt..]), MemoryMarshal.Read<ulong>(about[SizeAt..]),
            MemoryMarshal.Read<uint>(about[MajorAt..]), MemoryMarshal.Read<uint>(about[MinorAt..]),
            Time(about[ModifiedAt..]), Time(about[ChangedAt..]));
    }

    private static Int128 Time(ReadOnlySpan<byte> at) =>
        ((Int128)MemoryMarshal.Read<long>(at) * 1_000_000_000) + MemoryMarshal.Read<uint>(at[sizeof(long)..]);

    [DllImport("libc", EntryPoint = "statx", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Statx(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint wanted, ref byte about);
}
