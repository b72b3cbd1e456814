using System.Security.Cryptography;

namespace Amnre.Engine.Imports;

/// <summary>The content of a user's file, by its SHA-256.</summary>
public static class FileContent
{
    private const int Buffer = 1 << 20;

    /// <returns>Lower-case hexadecimal.</returns>
    /// <exception cref="IOException">It is not there, or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">This account may not read it.</exception>
    public static string DigestOf(string path, CancellationToken cancel)
    {
        using var stream = PlainFile.Open(path);
        return Digest(stream, null, cancel);
    }

    /// <summary>Makes a copy appear whole, of that content or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="target">Where the copy appears; its folder is made.</param>
    /// <param name="sha256">Lower-case hexadecimal.</param>
    /// <param name="cancel">Cancels; nothing is left then.</param>
    /// <exception cref="InputException">The file is gone, or has another content.</exception>
    /// <exception cref="IOException">The copy cannot be written.</exception>
    public static void Copy(string path, string target, string sha256, CancellationToken cancel)
    {
        FileStream source;
        try
        {
            source = PlainFile.Open(path);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"'{path}' cannot be read any more: {gone.Message}", gone);
        }

        using (source)
            AtomicFile.Write(target, copy =>
            {
                if (Digest(source, copy, cancel) != sha256)
                    throw new InputException($"'{path}' has changed since the experiment was planned: start the command again when the " +
                        "file is complete");
            });
    }

    /// <param name="copy">Receives the bytes too; null for none.</param>
    private static string Digest(Stream source, Stream? copy, CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[Buffer];
        for (int read; (read = source.Read(buffer)) > 0;)
        {
            cancel.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, read);
            copy?.Write(buffer, 0, read);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
