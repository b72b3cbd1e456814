namespace Amnre.Engine.Native;

/// <summary>Which file each shared library of this process came from, by proc(5).</summary>
public static class LoadedLibraries
{
    private const string Maps = "/proc/self/maps";

    /// <summary>Those whose names begin with one of <paramref name="names"/>, as <c>libc10.so</c> does with <c>libc10</c>; none where that
    /// cannot be seen.</summary>
    public static IReadOnlyList<string> Of(params IReadOnlyList<string> names) => !File.Exists(Maps) ? [] :
    [
        .. PlainFile.Lines(Maps).Select(line => line.IndexOf('/', StringComparison.Ordinal) is var at and >= 0 ? line[at..] : "")
            .Where(file => file.Contains(".so", StringComparison.Ordinal)
                && names.Any(name => Path.GetFileName(file).StartsWith(name, StringComparison.Ordinal)))
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];
}
