using Amnre.Engine;

namespace Amnre.Jobs.Ownership;

/// <summary>A folder of ours alone.</summary>
public static class PrivateFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes it exist with mode 700.</summary>
    /// <exception cref="InputException">It is there and another user's, open to others, or no folder.</exception>
    public static void Make(string folder)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(folder))!);
        Directory.CreateDirectory(folder, OwnerOnly);
        Require(folder);
        var open = Owned.Of(folder) is { } owned ? owned.Mode & Owned.Others : 0;
        if (open != 0) throw new InputException($"folder {folder} is open to others, and what it holds is secret: chmod 700 {folder}");
    }

    /// <exception cref="InputException">It is another user's, or no folder but a link, say.</exception>
    internal static void Require(string folder)
    {
        if (!OperatingSystem.IsLinux()) return;
        if (Owned.Of(folder) is not { } owned)
            throw new InputException($"folder {folder} cannot be looked at: see who may enter the folders above it");
        if (!owned.IsFolder)
            throw new InputException($"{folder} must be a folder of its own, and is a link or a file of user {owned.Owner}: remove it");
        if (!owned.IsOurs)
        {
            throw new InputException(
                $"folder {folder} belongs to user {owned.Owner} and not to you (user {Owned.UserName(Owned.Us)}): act as that user, " +
                    "remove it if you know that it is another user's, or choose another store with --store");
        }
    }

    /// <summary>Whether it is a folder of ours that no other user can enter.</summary>
    internal static bool IsPrivate(string folder) =>
        Owned.Of(folder) is { IsFolder: true, IsOurs: true } owned && (owned.Mode & Owned.Others) == 0;
}
