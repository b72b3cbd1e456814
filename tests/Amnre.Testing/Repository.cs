namespace Amnre.Testing;

/// <summary>The working tree that the tests were built from.</summary>
public static class Repository
{
    /// <summary>Where Amnre.sln is.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Values of the original that tests compare with.</summary>
    public static string Golden { get; } = File("tests", "Amnre.Engine.Tests", "Golden");

    /// <summary>The command as the same build made it.</summary>
    public static string Program => File("artifacts", "bin", "Amnre.Cli", new DirectoryInfo(AppContext.BaseDirectory).Name, "amnre");

    public static string File(params string[] path) => Path.Combine([Root, .. path]);

    /// <summary>Paths of the files of one folder that are no larger than <paramref name="most"/> bytes, in order.</summary>
    public static IReadOnlyList<string> Files(string folder, string pattern, long most) =>
        [.. new DirectoryInfo(File(folder)).EnumerateFiles(pattern).Where(file => file.Length <= most).Select(file => file.FullName)
            .Order(StringComparer.Ordinal)];

    /// <summary>Paths of what people wrote in C# and Razor below a folder.</summary>
    public static IEnumerable<string> SourceFiles(string folder) => Directory
        .EnumerateFiles(File(folder), "*", SearchOption.AllDirectories)
        .Where(path => Path.GetExtension(path) is ".cs" or ".razor"
            && !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal));

    public static IEnumerable<string> Projects() => Directory.EnumerateFiles(Root, "*.csproj", SearchOption.AllDirectories);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "Amnre.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException("Amnre.sln was not found above the tests");
    }
}
