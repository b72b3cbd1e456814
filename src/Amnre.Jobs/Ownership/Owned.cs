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
        if (FileStatus.Of(path, link: true) is not { } status) return null;
        return new Owned(
            status.UserId, (UnixFileMode)(status.Mode & PermissionBits), status.Mode & KindBits, status.Inode,
            string.Create(CultureInfo.InvariantCulture, $"{status.Major:x2}:{status.Minor:x2}"));
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

    [DllImport("libc", EntryPoint = "geteuid"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint EffectiveUser();
}
