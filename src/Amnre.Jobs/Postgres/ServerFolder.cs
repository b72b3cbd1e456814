using Amnre.Engine;
using Amnre.Jobs.Ownership;

namespace Amnre.Jobs.Postgres;

/// <summary>The folder of a store's database: locks, password and, where the server's account can enter it, the server's home.</summary>
internal static class ServerFolder
{
    /// <summary>Which machine uses the server: two that share a disk would damage its files together.</summary>
    private const string Note = "machine";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes it exist, closed to others: another account's server, as root has it, may pass through but neither look nor
    /// lock.</summary>
    /// <returns>Its full path.</returns>
    /// <exception cref="InputException">It is another user's.</exception>
    public static string Make(string folder)
    {
        folder = Path.GetFullPath(folder);
        Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
        var mode = Environment.IsPrivilegedProcess ? OwnerOnly | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute : OwnerOnly;
        Directory.CreateDirectory(folder, mode);
        PrivateFolder.Require(folder);
        // One of an earlier version is open to others. A user who closed it further meant that.
        if (Owned.Of(folder) is { } owned && (owned.Mode & ~mode) != 0) File.SetUnixFileMode(folder, owned.Mode & mode);
        return folder;
    }

    /// <summary>Records this machine. Asked behind the door only.</summary>
    /// <exception cref="InputException">The server is in use on another machine.</exception>
    public static void RequireThisMachine(string folder)
    {
        var note = Path.Combine(folder, Note);
        var machine = File.Exists(note) ? PlainFile.Text(note).Trim() : "";
        if (machine == Environment.MachineName) return;
        if (machine.Length > 0 && !ServerLock.IsUnused(folder))
        {
            throw new InputException(
                $"the store's database in {folder} runs on machine '{machine}', and this is '{Environment.MachineName}': use the store " +
                    "there, or a server that both reach, with --postgres or AMNRE_POSTGRES");
        }

        File.WriteAllText($"{note}.new", Environment.MachineName);
        File.Move($"{note}.new", note, overwrite: true);
    }
}
