using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Amnre.Engine;

namespace Amnre.Jobs.Artifacts;

/// <summary>What tells one store from another, whatever path leads to it: <c>store.json</c> in its folder, made once and never
/// changed.</summary>
public static class StoreIdentity
{
    public const string FileName = "store.json";

    /// <summary>Longer than any that this program writes.</summary>
    private const int MaxBytes = 4096;

    /// <summary>Whether the folder is a store now. One whose file system is not mounted is an empty folder, or none.</summary>
    public static bool IsIn(string root) => PlainFile.KindOf(Path.Combine(root, FileName)) is PathKind.File;

    /// <returns>Null when the folder has none.</returns>
    /// <exception cref="InputException">The file does not hold one.</exception>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">This account may not read it.</exception>
    public static string? Read(string root)
    {
        var path = Path.Combine(root, FileName);
        try
        {
            using var file = PlainFile.Open(path);
            var text = new byte[MaxBytes];
            var length = file.ReadAtLeast(text, text.Length, throwOnEndOfStream: false);
            return Parse(path, text.AsMemory(0, length));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (PlainFile.KindOf(path) is PathKind.Special or PathKind.Folder)
        {
            throw new InputException($"'{path}' should be the file that says which store this is, and is none: remove it, and take the " +
                "file from a backup of the store or run 'amnre store --accept'", e);
        }
    }

    /// <exception cref="InputException">The text holds no identity.</exception>
    internal static string Parse(string path, ReadOnlyMemory<byte> text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.GetProperty("id").GetString() is { Length: 32 } id && id.All(char.IsAsciiHexDigitLower)
                ? id
                : throw Unreadable(path, "no 'id' of 32 digits");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw Unreadable(path, e.Message);
        }
    }

    /// <summary>That of the folder, which gets one when it has none: of several processes that try at once, all get the same.</summary>
    /// <exception cref="InputException">The file there does not hold one.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">This account may not write there.</exception>
    public static string ReadOrMake(string root)
    {
        if (Read(root) is { } known) return known;
        var id = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var (path, aside) = (Path.Combine(root, FileName), Path.Combine(root, $".{FileName}.{Path.GetRandomFileName()}"));
        try
        {
            using (var file = new FileStream(aside, FileMode.CreateNew, FileAccess.Write))
            {
                file.Write(Encoding.UTF8.GetBytes($"{{\"id\":\"{id}\"}}\n"));
                file.Flush(flushToDisk: true);
            }

            // Every user that may read the store may read this.
            const UnixFileMode executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
            const UnixFileMode special = UnixFileMode.SetUser | UnixFileMode.SetGroup | UnixFileMode.StickyBit;
            const UnixFileMode others = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
            File.SetUnixFileMode(aside, new DirectoryInfo(root).UnixFileMode & ~(executable | special | others));
            // A link, because a rename would replace what another process has put there at the same moment.
            if (Link(aside, path) != 0)
            {
                if (Read(root) is { } first) return first;
                // A file system without links.
                using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
                file.Write(PlainFile.Bytes(aside));
                file.Flush(flushToDisk: true);
            }

            FolderSync.Flush(root);
            return id;
        }
        catch (IOException) when (Read(root) is not null)
        {
            return Read(root)!; // Another process was first.
        }
        finally
        {
            File.Delete(aside);
        }
    }

    [DllImport("libc", EntryPoint = "link", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Link([MarshalAs(UnmanagedType.LPUTF8Str)] string from, [MarshalAs(UnmanagedType.LPUTF8Str)] string to);

    private static InputException Unreadable(string path, string why) =>
        new($"'{path}' does not say which store this is ({why}): take it from a backup of the store, or remove it and run 'amnre store " +
            "--accept'");
}
