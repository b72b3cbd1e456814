namespace Amnre.Fuzz.Tests;

/// <summary>The working tree that these tests were built from: its files are the seeds.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Golden { get; } = Path.Combine(Root, "tests", "Amnre.Engine.Tests", "Golden");

    public static IReadOnlyList<string> Files(string folder, string pattern, long most) =>
        [.. new DirectoryInfo(Path.Combine(Root, folder)).EnumerateFiles(pattern).Where(file => file.Length <= most).Select(file => file.FullName).Order(StringComparer.Ordinal)];

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Amnre.sln"))) return folder.FullName;
        throw new InvalidOperationException("Amnre.sln was not found above the tests");
    }
}
