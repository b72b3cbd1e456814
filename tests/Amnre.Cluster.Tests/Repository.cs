namespace Amnre.Cluster.Tests;

/// <summary>Files of the repository that the tests run as users would.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    /// <summary>The command as the same build made it.</summary>
    public static string Program => Path.Combine(Root, "artifacts", "bin", "Amnre.Cli", new DirectoryInfo(AppContext.BaseDirectory).Name, "amnre");

    public static string File(params string[] path) => Path.Combine([Root, .. path]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "Amnre.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException("the tests do not run from within the repository");
    }
}
