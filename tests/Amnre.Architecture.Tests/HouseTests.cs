using System.Text.RegularExpressions;
using Amnre.Testing;

namespace Amnre.Architecture.Tests;

public sealed partial class HouseTests
{
    /// <summary>A little above the largest file of today: what grows beyond it is divided.</summary>
    private const int MaxSourceLines = 255;
    private const int MaxTestLines = 400;
    private const int MaxColumns = 140;

    [Fact]
    public void Files_stay_small_enough_to_read()
    {
        Assert.Empty(Measure("src", MaxSourceLines).Concat(Measure("tests", MaxTestLines)).Concat(Measure("benchmarks", MaxTestLines)));

        static IEnumerable<string> Measure(string folder, int most) => Repository.SourceFiles(folder)
            .Select(path => (path, lines: File.ReadLines(path).Count()))
            .Where(file => file.lines > most)
            .Select(file => $"{file.path}: {file.lines} lines, at most {most}");
    }

    [Fact]
    public void Lines_fit_a_screen() => Assert.Empty(
        new[] { "src", "tests" }.SelectMany(Repository.SourceFiles)
            .SelectMany(path => TooLong(File.ReadAllLines(path)).Select(line => $"{Path.GetRelativePath(Repository.Root, path)}:{line}")));

    /// <summary>What the test above looks for is found where it is.</summary>
    [Fact]
    public void A_long_line_is_found()
    {
        var wide = new string('x', MaxColumns) + ";";
        Assert.Equal([2], TooLong(["short", wide, "var a = \"\"\"", wide, "  \"\"\" + " + wide, "\"" + wide + "\","]));
        Assert.Equal([1], TooLong(["<p class=\"empty\">" + wide + "</p>"]));
    }

    /// <summary>Numbers, from 1, of lines that are too long. Text that is shown as it stands is not broken: lines inside literals of
    /// several lines, and lines that are one literal.</summary>
    private static IEnumerable<int> TooLong(IEnumerable<string> lines)
    {
        var inside = false;
        foreach (var (i, line) in lines.Index())
        {
            var ends = line.Split("\"\"\"").Length % 2 == 0;
            var text = inside && !ends;
            inside ^= ends;
            if (line.Length > MaxColumns && !text && !Literal().IsMatch(line)) yield return i + 1;
        }
    }

    /// <summary>What the mapper offers takes no token unless it is given one; LedgerQueries asks for one each time. The heartbeat's thread
    /// waits for its own.</summary>
    [Fact]
    public void Statements_are_sent_where_they_can_be_cancelled()
    {
        string[] may = ["LedgerQueries.cs", "LedgerSchema.cs", "LedgerDatabase.cs", "AttemptLedger.cs", "Withdrawal.cs",
            "SelectableNames.cs"];
        Assert.Equal(may.Order(StringComparer.Ordinal), Repository.SourceFiles("src")
            .Where(path => path.Contains("/Amnre.Jobs/", StringComparison.Ordinal) && File.ReadAllText(path).Contains("using Dapper;",
                StringComparison.Ordinal))
            .Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal));
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

    [GeneratedRegex(@"^\s*(\+ )?\$?""|^\s*\[GeneratedRegex|""""""")]
    private static partial Regex Literal();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex("(Utils?|Helpers?|Manager|Service|Misc|Common)$")]
    private static partial Regex VagueName();
}
