namespace Amnre.Engine;

/// <summary>A file that appears whole or not at all: written beside its place under a temporary name, synced, renamed.
/// Disposing it before <see cref="Commit"/> leaves nothing behind.</summary>
internal sealed class AtomicFile : IDisposable
{
    private readonly string _path;
    private readonly string _aside;

    private AtomicFile(string path)
    {
        _path = path;
        _aside = $"{path}.{Environment.ProcessId}.part";
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        Stream = new FileStream(_aside, FileMode.Create, FileAccess.ReadWrite, FileShare.Read, bufferSize: 1 << 16);
    }

    public FileStream Stream { get; }

    public static AtomicFile Create(string path) => new(path);

    public static void Write(string path, Action<Stream> write)
    {
        using var file = Create(path);
        write(file.Stream);
        file.Commit();
    }

    public static void WriteText(string path, string text) =>
        Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    /// <summary>Makes the file appear, replacing an older one.</summary>
    public void Commit()
    {
        Stream.Flush(flushToDisk: true);
        Stream.Dispose();
        File.Move(_aside, _path, overwrite: true);
    }

    public void Dispose()
    {
        Stream.Dispose();
        File.Delete(_aside);
    }
}
