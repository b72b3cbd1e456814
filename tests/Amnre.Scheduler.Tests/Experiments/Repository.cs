using Amnre.Scheduler.Experiments;

namespace Amnre.Scheduler.Tests.Experiments;

/// <summary>Files of the repository that tests read as a user would.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    public static ExperimentFile Experiment(string name) => ExperimentReader.Read(Path.Combine(Root, name));

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Amnre.sln"))) return folder.FullName;
        throw new InvalidOperationException("Amnre.sln was not found above the tests");
    }
}
