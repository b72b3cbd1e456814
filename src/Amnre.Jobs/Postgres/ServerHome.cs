using System.Security.Cryptography;
using System.Text;
using Amnre.Engine;
using Amnre.Jobs.Ownership;

namespace Amnre.Jobs.Postgres;

/// <summary>Where a private server's own files go: a folder of its account inside the store's, or, when we are root and that account cannot
/// enter the store (one below /root, say), a folder below <c>/var/lib</c> that says whose it is.</summary>
public static class ServerHome
{
    private const string Elsewhere = "/var/lib/amnre";

    /// <summary>Names the folder that a home elsewhere belongs to.</summary>
    private const string Note = "belongs-to";

    /// <summary>Homes elsewhere whose store is gone, or not mounted.</summary>
    public static IReadOnlyList<AbandonedHome> Abandoned() => Abandoned(Elsewhere);

    internal static IReadOnlyList<AbandonedHome> Abandoned(string root)
    {
        if (!Directory.Exists(root)) return [];
        return
        [
            .. from home in Directory.EnumerateDirectories(root).Order(StringComparer.Ordinal)
               let note = Path.Combine(home, Note)
               where File.Exists(note)
               let folder = PlainFile.Text(note).Trim()
               where folder.Length > 0 && !Directory.Exists(folder)
               select new AbandonedHome(home, folder),
        ];
    }

    /// <param name="folder">Of the store's database; full.</param>
    /// <param name="account">The server's.</param>
    /// <returns>A path; nothing is made.</returns>
    internal static string Of(string folder, ServerAccount account) =>
        account.CanEnter(folder) ? Path.Combine(folder, "server") : Path.Combine(Elsewhere, Digest(folder));

    /// <summary>Makes it exist, private to the account.</summary>
    /// <returns>Its path.</returns>
    internal static string Make(string folder, ServerAccount account)
    {
        var home = Of(folder, account);
        if (IsElsewhere(home)) OpenWay();
        account.OwnFolder(home);
        var note = Path.Combine(home, Note);
        if (!IsElsewhere(home) || File.Exists(note)) return home;
        using (var aside = new FileStream($"{note}.new", FileMode.Create))
        {
            aside.Write(Encoding.UTF8.GetBytes(folder));
            aside.Flush(flushToDisk: true);
        }

        File.Move($"{note}.new", note);
        return home;
    }

    private static bool IsElsewhere(string home) => home.StartsWith($"{Elsewhere}/", StringComparison.Ordinal);

    /// <summary>The server's account passes through the folder above its home, whatever the umask with which that was made.</summary>
    private static void OpenWay()
    {
        const UnixFileMode way = UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        Directory.CreateDirectory(Elsewhere);
        if (Owned.Of(Elsewhere) is { IsOurs: true } owned && (owned.Mode & way) != way) File.SetUnixFileMode(Elsewhere, owned.Mode | way);
    }

    /// <summary>Short and the same for the same text, for names that have little room.</summary>
    internal static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
}

/// <summary>A private database outside of its store, which is no longer where it was.</summary>
/// <param name="Home">All files of the database.</param>
/// <param name="Folder">Of the store that it belongs to.</param>
public sealed record AbandonedHome(string Home, string Folder);
