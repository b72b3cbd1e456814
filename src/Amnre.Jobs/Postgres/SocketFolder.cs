using System.Security.Cryptography;
using System.Text;
using Amnre.Engine;
using Amnre.Jobs.Ownership;

namespace Amnre.Jobs.Postgres;

/// <summary>The folder that a private server's socket is in: of the server's account alone, with a name that no other user can take first,
/// written down in the server's home so that every process finds it. A socket's path holds at most 107 characters, so it lives neither in
/// the store nor in a long TMPDIR.</summary>
internal static class SocketFolder
{
    private const string Note = "socket", Prefix = "amnre-";
    private const int Longest = 107 - 20; // Behind it comes /.s.PGSQL.5432, and on its way up .lock.

    /// <summary>Where the socket is, as far as was written down; null before the first start.</summary>
    public static string? NotedIn(string home)
    {
        var note = Path.Combine(home, Note);
        return File.Exists(note) && PlainFile.Text(note).Trim() is { Length: > 0 } folder ? folder : null;
    }

    /// <summary>The folder of a server that is about to start: that of before, so that a process that still knows it finds the server
    /// again, unless it has become another user's.</summary>
    /// <exception cref="InputException">None can be made.</exception>
    public static string Make(string home, ServerAccount account)
    {
        if (NotedIn(home) is { } before && TryOwn(before, account)) return before;
        var folder = Path.Combine(Parent(account, Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR"), Lingers),
            $"{Prefix}{RandomNumberGenerator.GetHexString(16, lowercase: true)}");
        if (!TryOwn(folder, account))
            throw new InputException($"{folder}, for the socket of the store's database, cannot be made private: see who may write to " +
                $"{Path.GetDirectoryName(folder)}");
        Write(home, folder);
        return folder;
    }

    /// <summary>The user's runtime folder where it is private and stays, else <c>/tmp</c>. The one of the system goes when the user logs
    /// out, unless the user lingers, and would take the socket of a study that runs on with it; another account's server cannot enter
    /// it.</summary>
    /// <param name="account">The server's.</param>
    /// <param name="runtime">What <c>XDG_RUNTIME_DIR</c> says.</param>
    /// <param name="lingers">Whether the system keeps the user's own when the user logs out.</param>
    internal static string Parent(ServerAccount account, string? runtime, Func<bool> lingers) =>
        account.IsOurs && runtime is { Length: > 1 and < Longest - 23 } && Path.IsPathRooted(runtime) && runtime.All(IsPlain)
        && PrivateFolder.IsPrivate(runtime)
        && (!runtime.StartsWith("/run/user/", StringComparison.Ordinal) || lingers()) ? runtime.TrimEnd('/') : "/tmp";

    /// <summary>Others mean something to the shell, or in PostgreSQL's list of folders.</summary>
    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-' or '+' or '@';

    private static bool Lingers() => File.Exists($"/var/lib/systemd/linger/{Environment.UserName}");

    /// <returns>False when it is another user's or no folder, or cannot be made where it was.</returns>
    private static bool TryOwn(string folder, ServerAccount account)
    {
        // The note is in a folder of the server's account, which root need not believe.
        if (folder.Length > Longest || !Path.IsPathRooted(folder) || !Path.GetFileName(folder).StartsWith(Prefix, StringComparison.Ordinal))
            return false;
        try
        {
            var isNew = Owned.Of(folder) is null;
            if (isNew) Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            if (Owned.Of(folder) is not { IsFolder: true } owned || (owned.Mode & Owned.Others) != 0) return false;
            if (!(isNew || account.IsOurs ? owned.IsOurs : owned.UserId == account.UserId)) return false;
            account.OwnFolder(folder);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static void Write(string home, string folder)
    {
        var note = Path.Combine(home, Note);
        using (var aside = new FileStream($"{note}.new", FileMode.Create))
        {
            aside.Write(Encoding.UTF8.GetBytes(folder));
            aside.Flush(flushToDisk: true);
        }

        File.Move($"{note}.new", note, overwrite: true);
    }
}
