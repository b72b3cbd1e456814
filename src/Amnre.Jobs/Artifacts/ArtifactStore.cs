using System.Globalization;
using System.Security.Cryptography;
using Amnre.Engine;
using Amnre.Jobs.Specs;

namespace Amnre.Jobs.Artifacts;

/// <summary>The files that jobs make, in a folder that all workers share.
/// <c>artifacts/ab/abcd…/17/model.pth</c>: fingerprint, then the token of the attempt that made it, so no two attempts ever
/// write the same file and only the ledger's word makes one of them count.</summary>
/// <param name="root">The store's folder; made when missing.</param>
public sealed class ArtifactStore(string root)
{
    /// <summary>Folders of the store itself; no experiment may be called so.</summary>
    public static IReadOnlyList<string> ReservedNames { get; } = ["artifacts", "checkpoints", "inputs", "postgres", "logs",
        "slurm", StoreIdentity.FileName];

    public string Root { get; } = Path.GetFullPath(root);

    public string AttemptDirectory(Fingerprint fingerprint, long token) => Absolute(RelativeAttempt(fingerprint, token));

    /// <summary>Shared by all attempts at one result, one after the other.</summary>
    public string CheckpointDirectory(Fingerprint fingerprint) => Absolute($"checkpoints/{fingerprint.Text}");

    /// <summary>A store path as a file name of this machine.</summary>
    /// <exception cref="InputException">The path would leave the store.</exception>
    public string Absolute(string relative)
    {
        if (!StorePath.IsSafe(relative))
        {
            throw new InputException($"path '{relative}' leaves the store: use a relative path without '..'");
        }

        return Path.Combine(Root, relative);
    }

    /// <summary>Hashes every declared output of an attempt and forces it to disk, folders included.</summary>
    /// <exception cref="InputException">An output without a trailing <c>*</c> was not made.</exception>
    /// <exception cref="IOException">The disk is full or gone.</exception>
    public IReadOnlyList<ArtifactRecord> Collect(Fingerprint fingerprint, long token, IReadOnlyList<JobOutput> outputs,
        CancellationToken cancel)
    {
        var directory = AttemptDirectory(fingerprint, token);
        Directory.CreateDirectory(directory);
        var made = new List<ArtifactRecord>();
        foreach (var file in Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            cancel.ThrowIfCancellationRequested();
            var name = Path.GetRelativePath(directory, file).Replace(Path.DirectorySeparatorChar, '/');
            if (outputs.FirstOrDefault(output => output.Matches(name)) is { } output && new FileInfo(file).LinkTarget is null)
            {
                var (bytes, sha256) = DigestToDisk(file);
                made.Add(new ArtifactRecord(name, $"{RelativeAttempt(fingerprint, token)}/{name}", bytes, sha256, output.Measured));
            }
        }

        if (outputs.FirstOrDefault(output => !output.IsPattern && made.TrueForAll(file => file.Name != output.Name)) is { } missing)
        {
            throw new InputException($"output '{missing.Name}' was not made by a run that ended without an error");
        }

        if (made.Count > 0) FolderSync.FlushTree(directory, Root);
        return made;
    }

    /// <summary>What is wrong with a published file; null when it is as the ledger remembers it.</summary>
    /// <param name="artifact">The ledger's memory of the file.</param>
    /// <param name="digest">Also read it all and compare the digest; otherwise only existence and size.</param>
    /// <param name="cancel">Ends a long reading.</param>
    public async Task<string?> ErrorOfAsync(ArtifactRecord artifact, bool digest, CancellationToken cancel)
    {
        var file = new FileInfo(Absolute(artifact.Path));
        if (!file.Exists)
        {
            if (digest) RequireLost(file);
            return $"{artifact.Name} is missing from the store";
        }

        if (file.Length != artifact.Bytes)
        {
            return $"{artifact.Name} has {file.Length} bytes instead of {artifact.Bytes}";
        }

        if (!digest) return null;
        await using var stream = PlainFile.Open(file.FullName);
        var found = Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancel));
        return found == artifact.Sha256
            ? null
            : $"{artifact.Name} does not have the digest it was published with: SHA-256 {found} instead of {artifact.Sha256}";
    }

    /// <summary>The first damage of several published files; null when all are as the ledger remembers them.</summary>
    /// <inheritdoc cref="ErrorOfAsync(ArtifactRecord, bool, CancellationToken)"/>
    public async Task<string?> ErrorOfAsync(IEnumerable<ArtifactRecord> artifacts, bool digest, CancellationToken cancel)
    {
        foreach (var artifact in artifacts)
            if (await ErrorOfAsync(artifact, digest, cancel) is { } error) return error;
        return null;
    }

    /// <summary>A file that may not be looked at seems not to exist, and is not lost.</summary>
    /// <exception cref="UnauthorizedAccessException">This account may not look at it.</exception>
    /// <exception cref="IOException">It cannot be looked at.</exception>
    private static void RequireLost(FileInfo file)
    {
        try
        {
            PlainFile.Open(file.FullName).Dispose();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // So it is.
        }
    }

    /// <summary>Removes what an attempt left that no one will ever publish.</summary>
    public void Discard(Fingerprint fingerprint, long token)
    {
        var directory = AttemptDirectory(fingerprint, token);
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>Removes the checkpoints of a result that is published.</summary>
    public void DiscardCheckpoints(Fingerprint fingerprint)
    {
        var directory = CheckpointDirectory(fingerprint);
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static string RelativeAttempt(Fingerprint fingerprint, long token) =>
        string.Create(CultureInfo.InvariantCulture, $"artifacts/{fingerprint.Text[..2]}/{fingerprint.Text}/{token}");

    private static (long Bytes, string Sha256) DigestToDisk(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, 1 << 20, FileOptions.SequentialScan);
        var digest = Convert.ToHexStringLower(SHA256.HashData(stream));
        stream.Flush(flushToDisk: true);
        return (stream.Length, digest);
    }
}
