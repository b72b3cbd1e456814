using System.Collections.Concurrent;
using System.Security.Cryptography;
using Amnre.Engine;

namespace Amnre.Jobs.Artifacts;

/// <summary>SHA-256 of files, each read once by this process while its <see cref="FileStamp"/> stays the same.</summary>
public sealed class FileDigests
{
    private const int Buffer = 1 << 20;

    /// <summary>So many are remembered, then all are forgotten: each costs some hundred bytes.</summary>
    private const int MaxKnown = 100_000;

    private readonly ConcurrentDictionary<string, (FileStamp Stamp, string Sha256)> _known = new(StringComparer.Ordinal);

    /// <summary>Bytes that were read for digests so far.</summary>
    public long BytesRead { get; private set; }

    /// <param name="path">Absolute.</param>
    /// <param name="again">Read it even when it seems to be the one that was read before.</param>
    /// <param name="cancel">Cancels the reading.</param>
    /// <returns>Lower-case hexadecimal.</returns>
    /// <exception cref="IOException">It is not there, or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">This account may not read it.</exception>
    public string Of(string path, bool again, CancellationToken cancel)
    {
        var stamp = FileStamp.Of(path);
        if (!again && stamp is { } now && _known.TryGetValue(path, out var known) && known.Stamp == now) return known.Sha256;
        var digest = Read(path, cancel);
        if (_known.Count >= MaxKnown) _known.Clear();
        // One that changed while it was read is read again the next time.
        if (stamp is { } before && FileStamp.Of(path) == before) _known[path] = (before, digest);
        else _known.TryRemove(path, out _);
        return digest;
    }

    private string Read(string path, CancellationToken cancel)
    {
        PlainFile.Check(path);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0,
            FileOptions.SequentialScan);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[(int)Math.Clamp(file.Length, 1, Buffer)];
        for (int read; (read = file.Read(buffer)) > 0; BytesRead += read)
        {
            cancel.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, read);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
