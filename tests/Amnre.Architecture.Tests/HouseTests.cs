using Amnre.Testing;
using System.Text.RegularExpressions;

namespace Amnre.Architecture.Tests;

public sealed partial class HouseTests
{
    private const int LongestSource = 400;
    private const int LongestTest = 500;

    [Fact]
    public void Files_stay_small_enough_to_read()
    {
        var tooLong = Measure("src", LongestSource).Concat(Measure("tests", LongestTest)).Concat(Measure("benchmarks", LongestTest));
        Assert.Empty(tooLong);

        static IEnumerable<string> Measure(string folder, int most) => Repository.SourceFiles(folder)
            .Select(path => (path, lines: File.ReadLines(path).Count()))
            .Where(file => file.lines > most)
            .Select(file => $"{file.path}: {file.lines} lines, at most {most}");
    }

    /// <summary>A folder is a domain noun directly below its project; only migrations go one deeper.</summary>
    [Fact]
    public void Folders_are_one_level_deep()
    {
        var tooDeep = Repository.SourceFiles("src")
            .Select(path => Path.GetRelativePath(Path.Combine(Repository.Root, "src"), path))
            .Where(path => path.Count(c => c == '/') > 2);
        Assert.Empty(tooDeep);
    }

    [Fact]
    public void Namespaces_follow_folders()
    {
        foreach (var path in Repository.SourceFiles("src"))
        {
            var match = Namespace().Match(File.ReadAllText(path));
            if (!match.Success) continue;
            var folder = Path.GetDirectoryName(Path.GetRelativePath(Path.Combine(Repository.Root, "src"), path))!;
            Assert.Equal(folder.Replace('/', '.'), match.Groups[1].Value);
        }
    }

    [Fact]
    public void Types_are_named_for_what_they_are()
    {
        var vague = Repository.SourceFiles("src")
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .Where(name => VagueName().IsMatch(name));
        Assert.Empty(vague);
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex("(Utils?|Helpers?|Manager|Service|Misc|Common)$")]
    private static partial Regex VagueName();
}
