using System.Globalization;
using Amnre.Jobs.Artifacts;

namespace Amnre.Jobs.Garbage;

/// <summary>Something of the store that an attempt made.</summary>
/// <param name="Path">Absolute.</param>
internal sealed record StoredAttempt(long Token, string Path);

/// <summary>What lies in the store. Looks only.</summary>
internal static class StoreScan
{
    public static IEnumerable<StoredAttempt> Attempts(ArtifactStore store) =>
        from prefix in Folders(store.Absolute("artifacts"))
        from fingerprint in Folders(prefix)
        from attempt in Folders(fingerprint)
        let token = Token(Path.GetFileName(attempt))
        where token is not null
        select new StoredAttempt(token.Value, attempt);

    public static IEnumerable<string> Checkpoints(ArtifactStore store) => Folders(store.Absolute("checkpoints"));

    /// <summary>Copies of users' files, and what became of those that were cut off.</summary>
    public static IEnumerable<FileInfo> Inputs(ArtifactStore store) =>
        from prefix in Folders(store.Absolute(StoreInputs.Folder))
        from file in new DirectoryInfo(prefix).EnumerateFiles()
        select file;

    public static IEnumerable<StoredAttempt> Logs(ArtifactStore store) =>
        from folder in Folders(AttemptLogs.Folder(store))
        from file in Directory.EnumerateFiles(folder)
        where Path.GetExtension(file) is ".log" or ".json"
        // 17.log, 17.json, and what was rolled away as 17_001.json.
        let token = Token(Path.GetFileNameWithoutExtension(file).Split('_')[0])
        where token is not null
        select new StoredAttempt(token.Value, file);

    /// <summary>Of a file, or of all files in a folder; 0 when it vanished meanwhile.</summary>
    public static long Bytes(string path)
    {
        try
        {
            return File.Exists(path) ? new FileInfo(path).Length
                : Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static IEnumerable<string> Folders(string folder) => Directory.Exists(folder) ? Directory.EnumerateDirectories(folder) : [];

    private static long? Token(string name) => long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var token)
        ? token
        : null;
}
