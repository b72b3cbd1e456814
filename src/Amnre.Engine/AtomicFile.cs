using System.Reflection;
using System.Runtime.ExceptionServices;

namespace Amnre.Engine;

/// <summary>A file that appears whole or not at all: written beside its place under a temporary name, synced, renamed.
/// Disposing it before <see cref="Commit"/> leaves nothing behind.</summary>
internal sealed class AtomicFile : IDisposable
{
    private readonly string _path;
    private readonly string _aside;

    private AtomicFile(string path, long expectedBytes)
    {
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal))
            throw new InputException($"'{path}' is no path to write to: name a file");
        // Else only the rename would tell, after the work.
        if (Directory.Exists(path)) throw new IOException($"'{path}' is a folder");
        _path = path;
        // By chance, since processes of other machines that share the folder may have this one's number.
        _aside = $"{path}.{Guid.NewGuid():N}.part";
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        Stream = new FileStream(_aside, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Read,
            BufferSize = 1 << 16,
            PreallocationSize = expectedBytes,
        });
    }

    public FileStream Stream { get; }

    /// <param name="path">Where the file appears.</param>
    /// <param name="expectedBytes">Space to reserve, so that a disk too small is known before the work; 0 when unknown.</param>
    /// <exception cref="IOException">The disk is full, or cannot be written.</exception>
    public static AtomicFile Create(string path, long expectedBytes = 0) => new(path, expectedBytes);

    /// <summary>A nameless file beside this one, gone when closed.</summary>
    public FileStream Scratch() => new(
        _aside + ".head", FileMode.Create, FileAccess.ReadWrite, FileShare.None, bufferSize: 1 << 12, FileOptions.DeleteOnClose);

    public static void Write(string path, Action<Stream> write)
    {
        using var file = Create(path);
        Fill(() => write(file.Stream));
        file.Commit();
    }

    /// <summary>The HDF5 library calls its own by reflection, and what a full disk says then comes wrapped.</summary>
    public static void Fill(Action write)
    {
        try
        {
            write();
        }
        catch (TargetInvocationException wrapped) when (wrapped.InnerException is IOException refused)
        {
            ExceptionDispatchInfo.Throw(refused);
        }
    }

    public static void WriteText(string path, string text) =>
        Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    /// <summary>Makes the file appear, replacing an older one.</summary>
    public void Commit()
    {
        Stream.Flush(flushToDisk: true);
        Stream.Dispose();
        File.Move(_aside, _path, overwrite: true);
        FolderSync.Flush(Path.GetDirectoryName(Path.GetFullPath(_path))!);
    }

    public void Dispose()
    {
        try
        {
            Stream.Dispose();
        }
        catch (IOException)
        {
            // A full disk refuses the last buffer as well; what there is vanishes in any case.
        }
        finally
        {
            File.Delete(_aside);
        }
    }
}
