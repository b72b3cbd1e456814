using System.Globalization;
using System.Runtime.InteropServices;
using Amnre.Engine;

namespace Amnre.Jobs.Ownership;

/// <summary>Whose a file or folder is, and who may do what with it.</summary>
/// <param name="UserId">Its owner.</param>
/// <param name="Mode">Permission bits.</param>
/// <param name="Kind">Bits of <c>S_IFMT</c>.</param>
/// <param name="Inode">Its number on its device.</param>
/// <param name="Device">As <c>/proc/locks</c> writes it: <c>08:01</c>.</param>
public sealed record Owned(uint UserId, UnixFileMode Mode, int Kind, ulong Inode, string Device)
{
    /// <summary>What everybody but the owner may do.</summary>
    public const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite
        | UnixFileMode.OtherExecute;

    // AT_FDCWD, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS and struct statx of linux/stat.h.
    private const int FromHere = -100, LinkItself = 0x100, Basic = 0x7ff, Room = 256;
    private const int UserAt = 20, ModeAt = 28, InodeAt = 32, MajorAt = 136, MinorAt = 140;
    private const int KindBits = 0xF000, Plain = 0x8000, Folder = 0x4000, PermissionBits = 0xFFF;

    /// <summary>The user that this process acts as.</summary>
    public static uint Us { get; } = OperatingSystem.IsLinux() ? EffectiveUser() : 0;

    public bool IsOurs => UserId == Us;

    public bool IsFile => Kind == Plain;

    public bool IsFolder => Kind == Folder;

    /// <summary>Name of the owner for messages.</summary>
    public string Owner => UserName(UserId);

    /// <summary>Null where there is nothing at <paramref name="path"/>, or it cannot be looked at. A symbolic link is itself.</summary>
    public static Owned? Of(string path)
    {
        Span<byte> about = stackalloc byte[Room];
        if (About(FromHere, path, LinkItself, Basic, ref MemoryMarshal.GetReference(about)) != 0) return null;
        var mode = MemoryMarshal.Read<ushort>(about[ModeAt..]);
        return new Owned(
            MemoryMarshal.Read<uint>(about[UserAt..]), (UnixFileMode)(mode & PermissionBits), mode & KindBits,
            MemoryMarshal.Read<ulong>(about[InodeAt..]),
            string.Create(CultureInfo.InvariantCulture,
                $"{MemoryMarshal.Read<uint>(about[MajorAt..]):x2}:{MemoryMarshal.Read<uint>(about[MinorAt..]):x2}"));
    }

    /// <summary>As <c>/etc/passwd</c> has it, else the number.</summary>
    public static string UserName(uint id)
    {
        try
        {
            var number = id.ToString(CultureInfo.InvariantCulture);
            return PlainFile.Lines("/etc/passwd").Select(line => line.Split(':'))
                .FirstOrDefault(fields => fields.Length > 2 && fields[2] == number) is { } fields
                ? $"'{fields[0]}'" : number;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return id.ToString(CultureInfo.InvariantCulture);
        }
    }

    [DllImport("libc", EntryPoint = "statx"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int About(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint wanted, ref byte about);

    [DllImport("libc", EntryPoint = "geteuid"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint EffectiveUser();
}
