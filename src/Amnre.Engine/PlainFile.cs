using System.Runtime.InteropServices;
using System.Text;

namespace Amnre.Engine;

#pragma warning disable RS0030 // The one place where files are opened by the runtime's own means: after a look at what they are.

/// <summary>Files whose paths a user wrote. A device has no end, and opening a pipe waits for its writer.</summary>
public static class PlainFile
{
    private const int TypeBits = 0xF000, Plain = 0x8000, Folder = 0x4000; // S_IFMT, S_IFREG, S_IFDIR
    private const int NotThere = 2; // ENOENT

    /// <summary>Opens the file at <paramref name="path"/> for reading; what others do with it, its renaming included, is not
    /// prevented.</summary>
    /// <exception cref="IOException">There is no such file, or it is a device, a pipe or a socket.</exception>
    /// <exception cref="UnauthorizedAccessException">It is closed to us, or a folder.</exception>
    public static FileStream Open(string path)
    {
        Check(path);
        return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
    }

    /// <summary>The lines of the file at <paramref name="path"/>, read one after the other.</summary>
    /// <inheritdoc cref="Open" path="/exception"/>
    public static IEnumerable<string> Lines(string path)
    {
        Check(path);
        return File.ReadLines(path);
    }

    /// <summary>The text of the file at <paramref name="path"/>.</summary>
    /// <inheritdoc cref="Open" path="/exception"/>
    public static string Text(string path)
    {
        Check(path);
        return File.ReadAllText(path);
    }

    /// <summary>The text of a file or of a pipe.</summary>
    /// <param name="path">Also that of what a shell writes for <c>&lt;(…)</c>.</param>
    /// <param name="longest">Characters.</param>
    /// <exception cref="IOException">It cannot be read, or has more characters.</exception>
    /// <exception cref="UnauthorizedAccessException">It is closed to us, or a folder.</exception>
    public static string TextOrPipe(string path, int longest)
    {
        using var reader = new StreamReader(path);
        var (text, part) = (new StringBuilder(), new char[1 << 14]);
        while (reader.Read(part) is > 0 and var read)
        {
            text.Append(part, 0, read);
            if (text.Length > longest) throw new IOException($"it has more than {longest} characters");
        }

        return text.ToString();
    }

    /// <summary>The bytes of the file at <paramref name="path"/>.</summary>
    /// <inheritdoc cref="Open" path="/exception"/>
    public static byte[] Bytes(string path)
    {
        Check(path);
        return File.ReadAllBytes(path);
    }

    /// <summary>Whether there is a file at <paramref name="path"/>, and neither a device nor a pipe.</summary>
    public static bool Exists(string path) => File.Exists(path) && KindOf(path) is not PathKind.Special;

    /// <summary>What is at <paramref name="path"/>; never waits, whatever it is.</summary>
    public static PathKind KindOf(string path)
    {
        if (!OperatingSystem.IsLinux()) return File.Exists(path) ? PathKind.File : Directory.Exists(path)
            ? PathKind.Folder
            : PathKind.Nothing;
        if (FileStatus.Of(path, link: false) is not { } status)
            return Marshal.GetLastPInvokeError() == NotThere && new FileInfo(path).LinkTarget is not null
                ? PathKind.BrokenLink
                : PathKind.Nothing;
        return (status.Mode & TypeBits) switch
        {
            Plain => PathKind.File,
            Folder => PathKind.Folder,
            _ => PathKind.Special,
        };
    }

    /// <summary>Refuses what opening would wait for. What the system refuses otherwise, opening says better.</summary>
    /// <exception cref="IOException">The path leads to a device, a pipe or a socket.</exception>
    public static void Check(string path)
    {
        if (KindOf(path) is PathKind.Special) throw new IOException($"'{path}' is a device, a pipe or a socket, and no file");
    }
}
