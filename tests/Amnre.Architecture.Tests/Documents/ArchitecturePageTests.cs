using System.Text.RegularExpressions;
using Amnre.Testing;

namespace Amnre.Architecture.Tests.Documents;

/// <summary>docs/architecture.md shows the projects, their arrows and their folders as they are.</summary>
public sealed partial class ArchitecturePageTests
{
    private static readonly string Page = File.ReadAllText(Repository.File("docs", "architecture.md"));

    [Fact]
    public void The_picture_has_the_arrows_of_the_projects()
    {
        var picture = Page.Split("flowchart TD")[1].Split("```")[0];
        Assert.Equal(
            Rooms.Projects.SelectMany(project => References(project).Select(used => $"{project} → {used}")).Order(StringComparer.Ordinal),
            Arrow().Matches(picture).Select(arrow => $"Amnre.{arrow.Groups[1].Value} → Amnre.{arrow.Groups[2].Value}")
                .Order(StringComparer.Ordinal));
        Assert.Equal(
            Rooms.Projects,
            Box().Matches(picture).Select(box => box.Groups[1].Value).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_table_has_the_folders_of_the_projects() => Assert.Equal(
        Rooms.Projects.Select(project => $"{project}: {string.Join(", ", Folders(project).Order(StringComparer.Ordinal))}"),
        Row().Matches(Page)
            .Select(row =>
                $"{row.Groups[1].Value}: {string.Join(", ", Aside().Replace(row.Groups[2].Value, "").Split(", ").Order(StringComparer.Ordinal))}")
            .Order(StringComparer.Ordinal));

    private static IEnumerable<string> References(string project) =>
        Reference().Matches(File.ReadAllText(Repository.File("src", project, project + ".csproj")))
        .Select(reference => reference.Groups[1].Value);

    private static IEnumerable<string> Folders(string project) => Repository.SourceFiles(Path.Combine("src", project))
        .Select(path => Path.GetDirectoryName(Path.GetRelativePath(Repository.File("src", project), path))!)
        .Where(folder => folder.Length > 0)
        .Distinct();

    [GeneratedRegex(@"^  (\w+) --> (\w+)$", RegexOptions.Multiline)]
    private static partial Regex Arrow();

    [GeneratedRegex(@"^  \w+\[""([\w.]+):", RegexOptions.Multiline)]
    private static partial Regex Box();

    [GeneratedRegex(@"^\| `(Amnre\.\w+)` \| (.*) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@" \([^)]*\)")]
    private static partial Regex Aside();

    [GeneratedRegex(@"<ProjectReference Include=""\.\.\\[^""]*\\(Amnre\.\w+)\.csproj""")]
    private static partial Regex Reference();
}
