using System.Text.Json.Nodes;
using Amnre.Engine.Benchmarks;
using Amnre.Engine.Catalog;

namespace Amnre.Engine.Tests.Benchmarks;

/// <summary>What a cell's files say, and the table of all cells.</summary>
public sealed class BenchmarkReportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("amnre-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Published_results_are_of_all_tasks_and_budgets()
    {
        Assert.Equal(10, PublishedResults.Tasks.Count);
        Assert.Equal([1000, 10_000, 100_000], PublishedResults.Budgets);
        Assert.Equal(["NRE-B", "NRE-C", "NPE", "NLE", "SNRE", "SNPE", "SNLE", "SMC-ABC", "REJ-ABC"], PublishedResults.Methods);
        foreach (var task in PublishedResults.Tasks)
        {
            Assert.NotNull(SimulatorCatalog.Find($"sbibm-{task}"));
            foreach (var budget in PublishedResults.Budgets)
                Assert.All(PublishedResults.Of(task, budget)!, value => Assert.InRange(value, 0.5, 1));
        }

        Assert.Equal([0.629, 0.545, 0.542, 0.668, 0.563, 0.530, 0.582, 0.663, 0.664], PublishedResults.Of("two-moons", 100_000)!);
        Assert.Equal([0.735, 0.738, 0.548, 0.690, 0.531, 0.536, 0.646, 0.673, 0.757], PublishedResults.Of("gaussian-mixture", 100_000)!);
        Assert.Null(PublishedResults.Of("two-moons", 500));
    }

    [Fact]
    public void A_cell_is_what_its_tables_say()
    {
        var cell = Cell();
        Assert.Equal(0.65, cell.Joint!.Value, 12);
        Assert.Equal((2, ""), (cell.Compared, cell.Missing));
        // Three parameters: 3 + 3 marginals of two observations.
        Assert.Equal((6 * 0.55 + 6 * 0.6) / 12, cell.Marginals!.Value, 12);
        Assert.Equal(0.125, cell.CoverageError);
        Assert.Equal(2, cell.Minutes);
    }

    [Fact]
    public void What_is_missing_is_said_and_left_empty()
    {
        var some = new BenchmarkCell("slcp", 1000, "nre", 10).With(At("c2st.csv", C2st), null, null);
        Assert.Equal("2 of 10 observations could be drawn from", some.Missing);
        var none = new BenchmarkCell("slcp", 500, "nre, odd", 10) { Missing = "train/a failed: no, \"never\"" };
        var lines = BenchmarkReport.Csv([Cell(), none]).Split('\n');
        Assert.StartsWith("task,budget,method,c2st,c2st_marginals,coverage_error,minutes,observations,missing,published_NRE-B,", lines[0],
            StringComparison.Ordinal);
        Assert.Equal("slcp,1000,nre,0.65,0.575,0.125,2,2,,0.972,0.971,0.975,0.946,0.968,0.965,0.921,0.982,0.982", lines[1]);
        Assert.Equal("slcp,500,\"nre, odd\",,,,,0,\"train/a failed: no, \"\"never\"\"\",,,,,,,,,", lines[2]);
        var json = JsonNode.Parse(BenchmarkReport.Json([Cell(), none]))!.AsArray();
        Assert.Equal(0.946, json[0]!["published"]!["NLE"]!.GetValue<double>());
        Assert.Null(json[1]!["c2st"]);
        Assert.Equal("train/a failed: no, \"never\"", json[1]!["missing"]!.GetValue<string>());
    }

    [Fact]
    public void The_same_cells_give_the_same_files_and_a_gap_is_no_error()
    {
        IReadOnlyList<BenchmarkCell> cells = [Cell(), new("two-moons", 1000, "npe", 10), new("two-moons", 500, "nre", 10)];
        var first = BenchmarkReport.Write(cells, Path.Combine(_folder, "one", "sbibm"));
        var again = BenchmarkReport.Write(cells, Path.Combine(_folder, "two", "sbibm"));
        Assert.Equal(["sbibm.csv", "sbibm.json", "sbibm.png", "sbibm.pdf", "sbibm.svg"], first.Select(Path.GetFileName));
        Assert.All(first.Zip(again), pair => Assert.Equal(File.ReadAllBytes(pair.First), File.ReadAllBytes(pair.Second)));
        Assert.Contains("NRE-C, published", File.ReadAllText(first[4]), StringComparison.Ordinal);
    }

    private const string C2st =
        "index,mask,draws,c2st,parameters\n0,100,9,0.5,a\n0,010,9,0.55,b\n0,001,9,0.6,c\n0,110,9,0.6,\"a, b\"\n0,101,9,0.6,\"a, c\"\n" +
        "0,011,9,0.6,\"b, c\"\n0,111,9,0.7,\"a, b, c\"\n1,100,9,0.5,a\n1,010,9,0.55,b\n1,001,9,0.6,c\n1,110,9,0.6,\"a, b\"\n" +
        "1,101,9,0.6,\"a, c\"\n1,011,9,0.6,\"b, c\"\n1,111,9,0.6,\"a, b, c\"\n";

    private BenchmarkCell Cell() => new BenchmarkCell("slcp", 1000, "nre", 2).With(At("c2st.csv", C2st),
        At("diagnostics.csv",
            "mask,parameter,measure,value,name\n111,0,rank_excess,1.5,a\n110,,tarp_deviation,0.5,x\n111,,tarp_deviation,0.125,y\n"),
        At("model.csv", "epoch,time,lr,mean,std\n1,100,0.001,1,0\n2,20,0.001,0.5,0\n"));

    private string At(string name, string text)
    {
        File.WriteAllText(Path.Combine(_folder, name), text);
        return Path.Combine(_folder, name);
    }
}
