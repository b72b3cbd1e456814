using Amnre.Engine.Observations;
using Amnre.Engine.SampleFiles;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Imports;

/// <summary>A user's files of arrays as plans see them: which there are, what they hold, and their content's digest.</summary>
public static class ArrayFiles
{
    /// <summary>Values of x that are read at once.</summary>
    private const int Piece = 1 << 18;

    /// <summary>The files that a text stands for: a path, a folder (its <c>*.h5</c>) or a pattern such as <c>sims-*.npz</c>.</summary>
    /// <param name="folder">Where a relative path starts.</param>
    /// <returns>Absolute paths; those of a pattern in ordinal order.</returns>
    /// <exception cref="InputException">There is no such file.</exception>
    public static IReadOnlyList<string> Find(string text, string folder)
    {
        // Path.Combine takes an absolute second path as it is.
        var found = SamplePaths.Expand([text.Length == 0 ? text : Path.Combine(folder, text)]);
        foreach (var path in found)
            if (!PlainFile.Exists(path)) throw new InputException($"'{text}' is not there, or is a device or a pipe: name a file; a " +
                $"relative path starts from '{folder}'");
        return [.. found.Select(path => Path.GetFullPath(path))];
    }

    /// <summary>Reads the whole file for its digest.</summary>
    /// <exception cref="InputException">Of no form that is read, or it cannot be read.</exception>
    public static ImportedFile Describe(string path)
    {
        var form = ArraySource.FormOf(path);
        try
        {
            return new ImportedFile(Path.GetFileName(path), form, FileContent.DigestOf(path, CancellationToken.None));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"'{path}' cannot be read: {refused.Message}", refused);
        }
    }

    /// <summary>Rows of a file that may hold theta and x.</summary>
    /// <param name="x">Path of the observations.</param>
    /// <param name="xKey">Which array.</param>
    /// <param name="theta">Path of their parameters; null for none.</param>
    /// <param name="thetaKey">Which array.</param>
    /// <param name="simulator">Whose they are.</param>
    /// <exception cref="InputException">An array is not there, or of another shape.</exception>
    public static long Rows(string x, string? xKey, string? theta, string? thetaKey, ISimulator simulator)
    {
        using var rows = Open(x, xKey, theta, thetaKey, simulator);
        return rows.Count;
    }

    /// <summary>Reads values as an import will.</summary>
    /// <param name="x">Path of the observations.</param>
    /// <param name="xKey">Which array.</param>
    /// <param name="theta">Path of their parameters; null for none.</param>
    /// <param name="thetaKey">Which array.</param>
    /// <param name="simulator">Whose they are.</param>
    /// <param name="first">First row.</param>
    /// <param name="count">How many.</param>
    /// <exception cref="InputException">Damage, a value that is not finite or that float32 does not hold, or theta outside of the
    /// prior.</exception>
    public static void Check(string x, string? xKey, string? theta, string? thetaKey, ISimulator simulator, long first, long count)
    {
        using var rows = Open(x, xKey, theta, thetaKey, simulator);
        rows.Skip(first);
        var most = Math.Max(1, Piece / simulator.ObservationSize);
        for (var left = count; left > 0; left -= most)
        {
            var some = (int)Math.Min(left, most);
            rows.Read(new float[theta is null ? 0 : some * simulator.ThetaSize], new float[some * simulator.ObservationSize]);
        }
    }

    // Only names: what is read is the path itself, which stands where a digest will.
    private static ImportedRows Open(string x, string? xKey, string? theta, string? thetaKey, ISimulator simulator)
    {
        return ImportedRows.Open(new ImportedPart(Array(x, xKey), theta is null ? null : Array(theta, thetaKey)), file => file.Sha256,
            simulator);

        static ImportedArray Array(string path, string? key) => new(new(Path.GetFileName(path), ArraySource.FormOf(path), path), key);
    }

    /// <summary>Whether files of this path's form hold one array, without a name.</summary>
    /// <exception cref="InputException">It is of no form that is read.</exception>
    public static bool IsSingle(string path) => ArraySource.IsSingle(ArraySource.FormOf(path));
}
