using System.IO.Enumeration;

namespace Amnre.Engine.Figures;

/// <summary>File patterns as figure descriptions use them: <c>*</c> and <c>?</c> within a name, <c>**</c> for any number of folders,
/// none included.</summary>
internal static class FileGlob
{
    /// <summary>Folders that may not be entered match nothing, as in shells.</summary>
    private static readonly EnumerationOptions Readable = new()
    {
        IgnoreInaccessible = true,
        AttributesToSkip = 0,
        MatchType = MatchType.Simple,
    };

    /// <summary>The files that match, in ordinal order; none is no error.</summary>
    /// <param name="pattern">Relative to <paramref name="directory"/>, or absolute.</param>
    public static IReadOnlyList<string> Expand(string pattern, string directory)
    {
        var root = Path.IsPathRooted(pattern) ? Path.GetPathRoot(pattern)! : directory;
        var parts = pattern[(Path.IsPathRooted(pattern) ? root.Length : 0)..].Split('/', StringSplitOptions.RemoveEmptyEntries);
        // What '**' stands for is not multiplied by saying it again.
        parts = [.. parts.Where((part, i) => part != "**" || i == 0 || parts[i - 1] != "**")];
        return parts.Length == 0 || !Directory.Exists(root) ? [] : [.. Match(root, parts).Distinct().Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Match(string folder, ReadOnlyMemory<string> parts)
    {
        var part = parts.Span[0];
        var rest = parts[1..];
        if (part == "**")
        {
            if (rest.IsEmpty) rest = new[] { "*" };
            foreach (var found in Match(folder, rest)) yield return found;
            foreach (var inner in Folders(folder, "*").Where(inner => !LeadsBack(inner)))
                foreach (var found in Match(inner, parts)) yield return found;
        }
        else if (!part.AsSpan().ContainsAny('*', '?'))
        {
            var path = Path.Combine(folder, part);
            if (rest.IsEmpty && File.Exists(path)) yield return path;
            if (!rest.IsEmpty && Directory.Exists(path))
                foreach (var found in Match(path, rest)) yield return found;
        }
        else if (rest.IsEmpty)
        {
            foreach (var file in Directory.EnumerateFiles(folder, "*", Readable).Where(path => Fits(part, path))) yield return file;
        }
        else
        {
            foreach (var inner in Folders(folder, part))
                foreach (var found in Match(inner, rest)) yield return found;
        }
    }

    private static IEnumerable<string> Folders(string folder, string part) =>
        Directory.EnumerateDirectories(folder, "*", Readable).Where(path => Fits(part, path));

    /// <summary>A link to one of the folders that it lies in, below which there is no end.</summary>
    private static bool LeadsBack(string folder)
    {
        var info = new DirectoryInfo(folder);
        return info.LinkTarget is not null && info.ResolveLinkTarget(returnFinalTarget: true) is { } target
            && $"{Path.GetFullPath(folder)}/".StartsWith($"{target.FullName.TrimEnd('/')}/", StringComparison.Ordinal);
    }

    /// <summary>Hidden names are matched by explicit patterns only, as in shells.</summary>
    private static bool Fits(string part, string path)
    {
        var name = Path.GetFileName(path);
        return (name[0] != '.' || part[0] == '.') && FileSystemName.MatchesSimpleExpression(part, name, ignoreCase: false);
    }
}
