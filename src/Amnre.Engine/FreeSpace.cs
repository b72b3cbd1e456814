namespace Amnre.Engine;

/// <summary>What a file system has.</summary>
/// <param name="Free">Bytes that this user may still write.</param>
/// <param name="Total">Bytes in all.</param>
public readonly record struct FreeSpace(long Free, long Total)
{
    /// <summary>Of the file system that <paramref name="path"/> would be on, whether it is there yet or not; null where the system does not
    /// say.</summary>
    public static FreeSpace? At(string path)
    {
        try
        {
            var folder = Path.GetFullPath(path);
            while (!Directory.Exists(folder) && Path.GetDirectoryName(folder) is { } above) folder = above;
            var drive = new DriveInfo(folder);
            return new FreeSpace(drive.AvailableFreeSpace, drive.TotalSize);
        }
        catch (Exception unsaid) when (unsaid is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
