using System.IO.Enumeration;

namespace Amnre.Engine.SampleFiles;

/// <summary>The files that a path stands for: itself, those of a folder, or those that match a pattern.</summary>
internal static class SamplePaths
{
    /// <summary>PATH_MAX of Linux; the matcher of patterns takes memory that grows with the square of their length.</summary>
    private const int LongestPath = 4096;

    /// <param name="paths">Files; folders, for the <c>*.h5</c> in them; patterns such as <c>shards/train-*.h5</c>, with
    /// <c>*</c> and <c>?</c> in their last part.</param>
    /// <returns>Each file once; those of one folder or pattern in ordinal order.</returns>
    /// <exception cref="InputException">A folder or a pattern that stands for no file.</exception>
    public static IReadOnlyList<string> Expand(IReadOnlyList<string> paths) =>
        [.. paths.SelectMany(Expand).DistinctBy(Path.GetFullPath)];

    private static IReadOnlyList<string> Expand(string path)
    {
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal))
            throw new InputException($"samples '{path}': that is no path, name a file, a folder or a pattern");
        if (path.Length > LongestPath)
            throw new InputException($"samples '{path[..40]}…': {path.Length} characters are more than a path has, at most {LongestPath}");
        if (File.Exists(path)) return [path];
        if (Directory.Exists(path)) return Matching(path, "*.h5", path);
        var pattern = Path.GetFileName(path);
        if (!pattern.AsSpan().ContainsAny('*', '?')) return [path];
        var folder = Path.GetDirectoryName(path) is { Length: > 0 } named ? named : ".";
        return Directory.Exists(folder)
            ? Matching(folder, pattern, path)
            : throw new InputException($"samples '{path}': there is no folder '{folder}'");
    }

    private static List<string> Matching(string folder, string pattern, string asked)
    {
        var found = Directory.EnumerateFiles(folder)
            // As a shell would: macOS keeps what belongs to a.h5 in ._a.h5.
            .Where(file => pattern[0] == '.' || Path.GetFileName(file)[0] != '.')
            .Where(file => FileSystemName.MatchesSimpleExpression(pattern, Path.GetFileName(file), ignoreCase: false))
            .Order(StringComparer.Ordinal)
            .ToList();
        return found.Count > 0 ? found : throw new InputException($"samples '{asked}': no file matches {pattern} in '{folder}'");
    }
}
