using System.Security.Cryptography;
using System.Text;
using Amnre.Engine;
using Amnre.Jobs.Logs;

namespace Amnre.Jobs.Ownership;

/// <summary>Files that hold one secret.</summary>
public static class SecretFile
{
    /// <summary>What a container is given here is seen by that container alone, whatever its mode there.</summary>
    private const string OfContainers = "/run/secrets/";

    private const UnixFileMode Writing = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
    private const UnixFileMode Reading = UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The secret, which is in no message of this process from now on.</summary>
    /// <param name="path">A file that the user named.</param>
    /// <param name="what">What it is called in messages: <c>token file</c>.</param>
    /// <exception cref="InputException">It cannot be read, or others can read or change it.</exception>
    public static string Read(string path, string what)
    {
        try
        {
            var mode = OperatingSystem.IsWindows() ? 0 : File.GetUnixFileMode(path);
            if ((mode & Writing) != 0) throw new InputException($"{what} {path} can be changed by others: chmod 600 {path}");
            if ((mode & Reading) != 0 && !path.StartsWith(OfContainers, StringComparison.Ordinal))
                throw new InputException($"{what} {path} can be read by others: chmod 600 {path}");
            return Kept(PlainFile.TextOrPipe(path, 1 << 16).Trim());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{what} {path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The secret in a file that is made here when it is not there: written aside, synced and renamed, with mode 600 in a folder
    /// of mode 700.</summary>
    /// <exception cref="InputException">File or folder is another user's, or open to others.</exception>
    public static string Make(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        PrivateFolder.Make(folder);
        if (Owned.Of(path) is null) Write(path);
        return ReadOwn(path);
    }

    /// <inheritdoc cref="Make" path="/exception"/>
    /// <summary>The secret in a file that <see cref="Make"/> made.</summary>
    public static string ReadOwn(string path)
    {
        if (Owned.Of(path) is { } owned)
        {
            if (!owned.IsFile)
                throw new InputException($"{path} should be a file that holds a secret, and is none: remove it, and another is made");
            if (!owned.IsOurs)
                throw new InputException(
                    $"{path} belongs to user {owned.Owner}, who then knows the secret in it: remove it, and another is made");
            if ((owned.Mode & Owned.Others) != 0)
                throw new InputException($"{path} can be read or changed by others: remove it, and another is made; or chmod 600 {path} " +
                    "where no other user could enter its folder");
        }

        return Read(path, "file");
    }

    private static void Write(string path)
    {
        var aside = $"{path}.{Guid.NewGuid():N}.part";
        try
        {
            using (var file = new FileStream(aside,
                new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
            {
                file.Write(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24)) + "\n"));
                file.Flush(flushToDisk: true);
            }

            File.Move(aside, path, overwrite: false);
            FolderSync.Flush(Path.GetDirectoryName(path)!);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was quicker: its secret is the one.
        }
        finally
        {
            File.Delete(aside);
        }
    }

    private static string Kept(string secret)
    {
        KnownSecrets.Keep(secret);
        return secret;
    }
}
