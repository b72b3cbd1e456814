using Amnre.Engine;

namespace Amnre.Jobs.Artifacts;

/// <summary>What tells without reading it that a file is the one that was read before: which file it is, how large, and when it was last
/// changed, in what it holds (modified) and in any way (changed, which no program can set).</summary>
/// <param name="Modified">In nanoseconds since 1970.</param>
/// <param name="Changed">In nanoseconds since 1970.</param>
public readonly record struct FileStamp(ulong Device, ulong Inode, ulong Bytes, Int128 Modified, Int128 Changed)
{
    /// <returns>Null when the system does not tell; then the file is to be read.</returns>
    public static FileStamp? Of(string path) => FileStatus.Of(path, link: false) is { } status
        ? new FileStamp((ulong)status.Minor << 32 | status.Major, status.Inode, status.Bytes, status.Modified, status.Changed)
        : null;
}
