namespace Amnre.Cli.Tests.Original;

/// <summary>The original's whole session, from simulations to figures, typed to this program: each of its command lines as it was, with
/// <c>python sample.py</c> as <c>amnre sample</c> and so on.</summary>
public sealed class ReplayTests : IDisposable
{
    private static readonly Dictionary<string, string> Verbs = new()
    {
        ["sample.py"] = "sample",
        ["train.py"] = "train",
        ["eval.py"] = "eval",
        ["plots.py"] = "plots",
    };

    private static readonly string Originals = Path.Combine(AppContext.BaseDirectory, "Original");

    private readonly string _folder = Directory.CreateTempSubdirectory("amnre-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Every_command_line_of_the_original_runs_and_makes_its_files()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "config"));
        foreach (var file in Directory.GetFiles(Path.Combine(Originals, "config")))
            File.Copy(file, Path.Combine(_folder, "config", Path.GetFileName(file)));
        var lines = Lines("COMMANDS.txt").Select(Words).ToList();
        Assert.Equal(68, lines.Count);

        // They were recorded in an order that no empty folder allows: what others read comes first, else as recorded.
        foreach (var words in lines.OrderBy(Turn))
        {
            using var process = CommandProcess.Start(_folder, [Verbs[words[1]], .. words[2..]]);
            var (code, _, error) = await process.EndAsync(TestContext.Current.CancellationToken);
            Assert.True(code == 0, $"{string.Join(" ", words)}: {code}, {error}");
            Assert.DoesNotContain("left out", error, StringComparison.Ordinal);
        }

        foreach (var name in Lines("FILES.txt"))
        {
            var file = new FileInfo(Path.Combine(_folder, name));
            Assert.True(file.Exists, $"{name} was not made");
            // An empty page of the writer takes less.
            Assert.True(file.ResolveLinkTarget(returnFinalTarget: true) is not null || file.Length > (file.Extension == ".pdf" ? 4000 : 0),
                $"{name} holds {file.Length} bytes");
        }
    }

    private static List<string> Lines(string name) =>
        [.. File.ReadLines(Path.Combine(Originals, name)).Where(line => !line.StartsWith('#'))];

    /// <summary>The words of a line, whose only quoted one was JSON.</summary>
    private static string[] Words(string line)
    {
        var (open, close) = (line.IndexOf('{', StringComparison.Ordinal), line.LastIndexOf('}') + 1);
        return open < 0
            ? line.Split(' ')
            : [.. line[..open].TrimEnd().Split(' '), line[open..close], .. line[close..].TrimStart().Split(' ')];
    }

    private static int Turn(string[] words) => words[1] switch
    {
        "sample.py" => 0,
        "train.py" => words.Contains("-adversary") ? 2 : 1,
        "eval.py" => 3,
        _ => 4,
    };
}
