using System.Globalization;
using System.Text.Json.Nodes;

namespace Amnre.EndToEnd.Tests;

/// <summary>The benchmark at tiny budgets, by the real command.</summary>
public sealed class BenchmarkStudyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("amnre-study-").FullName;

    public BenchmarkStudyTests() =>
        // The private database's account must be able to enter.
        File.SetUnixFileMode(_folder, File.GetUnixFileMode(_folder) | UnixFileMode.OtherExecute);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_killed_benchmark_resumes_and_its_table_is_the_same()
    {
        var (code, printed) = await AmnreProcess.RunAsync(Stop, Arguments("quiet"));
        Assert.True(code == 0, printed);
        var table = Table("quiet");
        Assert.Equal(4, table.Count);
        foreach (var row in table)
        {
            Assert.InRange(double.Parse(row["c2st"], CultureInfo.InvariantCulture), 0.4, 1);
            Assert.InRange(double.Parse(row["c2st_marginals"], CultureInfo.InvariantCulture), 0.4, 1);
            Assert.InRange(double.Parse(row["coverage_error"], CultureInfo.InvariantCulture), 0, 1);
            Assert.Equal(("2", ""), (row["observations"], row["missing"]));
        }

        Assert.All(["table    ", "figure   ", "two-moons", "gaussian-linear-uniform"],
            text => Assert.Contains(text, printed, StringComparison.Ordinal));
        Assert.Equal(4, JsonNode.Parse(await File.ReadAllTextAsync(At("quiet.json"), Stop))!.AsArray().Count);

        // Killed when the first training is published: what kills the command kills no worker's work.
        using (var killed = AmnreProcess.Start(Arguments("killed")))
        {
            var trained = Path.Combine(_folder, "killed-store", "artifacts");
            while (!killed.HasExited && !(Directory.Exists(trained)
                && Directory.EnumerateFiles(trained, "model.pth", SearchOption.AllDirectories).Any())) await Task.Delay(20, Stop);
            killed.KillHard();
            Assert.NotEqual(0, await killed.EndAsync(Stop));
        }

        Assert.False(File.Exists(At("killed.csv")));
        (code, printed) = await AmnreProcess.RunAsync(Stop, Arguments("killed"));
        Assert.True(code == 0, printed);
        Assert.Equal(Text(table), Text(Table("killed")));
        foreach (var ending in (string[])["png", "pdf", "svg"])
            Assert.Equal(await File.ReadAllBytesAsync(At($"quiet.{ending}"), Stop),
                await File.ReadAllBytesAsync(At($"killed.{ending}"), Stop));

        // All is there: nothing runs again, and the table is written from what is published.
        File.Delete(At("killed.csv"));
        (code, printed) = await AmnreProcess.RunAsync(Stop, Arguments("killed"));
        Assert.True(code == 0, printed);
        Assert.Contains(" 0 to run", printed, StringComparison.Ordinal);
        Assert.Equal(Text(table), Text(Table("killed")));
    }

    private string[] Arguments(string name) =>
    [
        "benchmark", "sbibm", "--tasks", "two-moons,gaussian-linear-uniform", "--budgets", "200", "--methods", "amnre,npe", "--epochs", "1",
        "--draws", "100", "--observations", "2", "--coverage-rows", "10", "--workers", "2", "--store", At($"{name}-store"), "-o", At(name),
    ];

    private string At(string name) => Path.Combine(_folder, name);

    /// <summary>By column, without the minutes, which are measured.</summary>
    private List<Dictionary<string, string>> Table(string name)
    {
        var lines = File.ReadAllLines(At($"{name}.csv"));
        var header = lines[0].Split(',');
        return [.. lines.Skip(1).Select(line => header.Zip(line.Split(',')).Where(cell => cell.First != "minutes")
            .ToDictionary(cell => cell.First, cell => cell.Second))];
    }

    private static string Text(List<Dictionary<string, string>> table) =>
        string.Join('\n', table.Select(row =>
            string.Join(',', row.OrderBy(cell => cell.Key, StringComparer.Ordinal).Select(cell => cell.Value))));
}
