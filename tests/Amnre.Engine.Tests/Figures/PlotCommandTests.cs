using Amnre.Engine.Evaluation;
using Amnre.Engine.Figures;
using Amnre.Engine.Settings;
using Amnre.Engine.Tests.Golden;

namespace Amnre.Engine.Tests.Figures;

/// <summary>The original's plot commands on the original's results.</summary>
public sealed class PlotCommandTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();
    private readonly List<string> _notes = [];

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Losses_consistency_and_calibration_take_tables()
    {
        Assert.Equal([_scratch["loss.pdf"]], Run(FigureType.Loss, "loss.pdf", Fixture("slcp-amnre.csv"), Fixture("slcp-amnre-pm.csv")));
        Assert.Equal([_scratch["a.b_cons.svg"]],
            Run(FigureType.Consistency, "a.b_cons.svg", [.. Enumerable.Range(0, 3).Select(row => Result($"slcp-amnre_cons_{row}.csv"))]));
        Assert.Equal(
            [_scratch["cal.png"], _scratch["cal.pdf"], _scratch["cal.svg"]],
            Run(FigureType.Calibration, "cal", Result("hh-amnre_cal.csv")));
        // The original's figure shows 0.5 between θ₁θ₂ and θ₁θ₃, the largest of all.
        Assert.Contains(">0.5<", Letters(File.ReadAllText(_scratch["a.b_cons.svg"])), StringComparison.Ordinal);
    }

    [Fact]
    public void Errors_are_one_figure_for_each_measure_that_the_tables_have()
    {
        Copy("slcp-mnre_cons.csv", "1/results/mnre.csv");
        Copy("slcp-mnre_cons.csv", "2/results/mnre.csv");
        Copy("slcp-amnre_cons.csv", "1/results/amnre.csv");
        File.WriteAllText(_scratch["slcp.json"],
            """{"MNRE": "**/results/mnre.csv", "AMNRE": ["*/results/amnre.csv"], "none": "**/gone.csv"}""");

        Assert.Equal(
            ["out_probability.pdf", "out_entropy.pdf", "out_distance.pdf", "out_divergence.pdf"],
            Run(FigureType.Error, "out.pdf", _scratch["slcp.json"]).Select(Path.GetFileName));
        Assert.Contains("no file matches **/gone.csv: left out", Assert.Single(_notes), StringComparison.Ordinal);

        Copy("slcp-amnre.csv", "1/results/amnre.csv");
        Copy("slcp-mnre.csv", "1/results/mnre.csv");
        Copy("slcp-mnre.csv", "2/results/mnre.csv");
        Assert.Equal(["out_probability.pdf", "out_entropy.pdf"],
            Run(FigureType.Error, "out.pdf", _scratch["slcp.json"]).Select(Path.GetFileName));
    }

    /// <summary>Rows in another order, and rows that only one method has, change nothing.</summary>
    [Fact]
    public void Methods_are_joined_by_observation_and_mask()
    {
        File.WriteAllText(_scratch["a.csv"], "index,mask,total_probability,entropy\n0,10000,1,2\n1,10000,1.2,2\n2,10000,9,2\n");
        File.WriteAllText(_scratch["b.csv"], "index,mask,total_probability,entropy\n1,10000,0.8,2\n0,10000,0.7,2\n");
        File.WriteAllText(_scratch["c.csv"], "index,mask,total_probability,entropy\n0,10000,1,2\n1,10000,1.2,2\n");
        File.WriteAllText(_scratch["d.csv"], "index,mask,total_probability,entropy\n7,10000,1,2\n");
        Draw("a.csv", "b.csv", "one");
        Draw("c.csv", "b.csv", "two");

        Assert.Equal(File.ReadAllBytes(_scratch["one_probability.png"]), File.ReadAllBytes(_scratch["two_probability.png"]));
        Assert.Contains("share no observation of mask 10000", Assert.Throws<InputException>(() => Draw("a.csv", "d.csv", "x")).Message,
            StringComparison.Ordinal);

        void Draw(string first, string second, string output)
        {
            File.WriteAllText(_scratch["slcp.json"], $$"""{"A": "{{first}}", "B": "{{second}}"}""");
            Run(FigureType.Error, output + ".png", _scratch["slcp.json"]);
        }
    }

    [Fact]
    public void Curves_leave_out_masks_that_a_file_lacks()
    {
        Directory.CreateDirectory(_scratch["results"]);
        var zero = new PureHDF.H5File
        {
            ["00100"] = new float[8, 3],
            ["11111"] = new float[,] { { 1, 0.9f, 1 }, { 1, 0.4f, 1 }, { 0, 0.6f, 2 }, { 0, 0.2f, 2 } },
        };
        zero.Write(_scratch["results/zero.h5"]);
        File.Copy(Fixture("slcp-npe-inv-adv_roc.h5"), _scratch["results/npe.h5"]);
        File.WriteAllText(_scratch["slcp-roc.json"], """{"zero": "results/zero.h5", "NPE": "results/npe*"}""");

        Assert.Equal(["out_11111.svg"], Run(FigureType.Roc, "out.svg", _scratch["slcp-roc.json"]).Select(Path.GetFileName));
        Assert.Contains("zero (0.750 ± 0.000)", Letters(File.ReadAllText(_scratch["out_11111.svg"])), StringComparison.Ordinal);
    }

    [Fact]
    public void Corners_follow_their_description()
    {
        Directory.CreateDirectory(_scratch["results"]);
        foreach (var file in Directory.GetFiles(GoldenFile.Path("results"), "slcp-amnre_0_*.pth"))
            File.Copy(file, _scratch[$"results/{Path.GetFileName(file)}"]);
        File.Copy(Fixture("slcp-test_0.pth"), _scratch["truth.pth"]);
        File.Copy(Fixture("slcp-test.h5"), _scratch["test.h5"]);
        File.WriteAllText(_scratch["slcp-corner.json"],
            """
            {"items": [{"marginalize": true, "smooth": 0.5, "files": "truth.pth"}, {"files": "results/slcp-amnre_0_*.pth"}],
             "legend": ["GT", null], "star": ["test.h5", 0],
             "masks": {"11111": {"size": 4.8}, "00110": {"size": 2.4, "hide_legend": true, "quantiles": [0.6827, 0.9545], "dpi": 9}}}
            """);

        Assert.Equal(["out_11111.svg", "out_00110.svg"],
            Run(FigureType.Corner, "out.svg", _scratch["slcp-corner.json"]).Select(Path.GetFileName));
        Assert.Contains("masks.00110.dpi: not known here, ignored", Assert.Single(_notes), StringComparison.Ordinal);
        var (large, small) = (Letters(File.ReadAllText(_scratch["out_11111.svg"])), Letters(File.ReadAllText(_scratch["out_00110.svg"])));
        Assert.Contains("GT", large, StringComparison.Ordinal);
        Assert.DoesNotContain("95.5", small, StringComparison.Ordinal);
        Assert.Contains($"width=\"{(int)(4.8 * 72)}", File.ReadAllText(_scratch["out_11111.svg"]), StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_drawn_is_refused_with_the_reason()
    {
        File.WriteAllText(_scratch["bad.json"], "[1]");
        File.WriteAllText(_scratch["slcp.json"], """{"A": 3}""");
        Assert.Contains("pictures end in", Error(FigureType.Loss, "a.gif", Fixture("slcp-amnre.csv")));
        Assert.Contains("names no simulator in its path", Error(FigureType.Calibration, "a.pdf", _scratch["x.csv"]));
        Assert.Contains("described by one JSON file", Error(FigureType.Roc, "a.pdf", "slcp.json", "b.json"));
        Assert.Contains("is not a JSON object", Error(FigureType.Error, "a.pdf", _scratch["bad.json"], simulator: "SLCP"));
        Assert.Contains("names no files", Error(FigureType.Error, "a.pdf", _scratch["slcp.json"]));
        Assert.Contains("it lacks 'items'", Error(FigureType.Corner, "a.pdf", _scratch["slcp.json"]));

        string Error(FigureType type, string output, string input, string? another = null, string? simulator = null) =>
            Assert.Throws<InputException>(
                () =>
                {
                    PlotCommand.Run(Request(type, output, another is null ? [input] : [input, another]) with { Simulator = simulator },
                    Context());
                }).Message;
    }

    [Fact]
    public void Patterns_match_as_in_shells()
    {
        foreach (var name in (string[])["a.csv", "b/a.csv", "b/c/a.csv", "b/c/ab.csv", "b/.hidden/a.csv"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_scratch[name])!);
            File.WriteAllText(_scratch[name], "");
        }

        Assert.Equal(["a.csv", "b/a.csv", "b/c/a.csv"], Matches("**/a.csv"));
        Assert.Equal(["b/c/a.csv", "b/c/ab.csv"], Matches("*/c/a*"));
        Assert.Equal(["b/c/ab.csv"], Matches("b/**/a?.csv"));
        Assert.Equal(["b/a.csv"], Matches("b/a.csv"));
        Assert.Empty(Matches("gone/**/a.csv"));

        IEnumerable<string> Matches(string pattern) =>
            FileGlob.Expand(pattern, _scratch.Root).Select(path => Path.GetRelativePath(_scratch.Root, path));
    }

    /// <summary>AUC = P(score of a positive &gt; that of a negative) + ½ P(equal), by weight.</summary>
    [Fact]
    public void The_area_under_a_weighted_curve_counts_ordered_pairs()
    {
        var random = new Engine.Randomness.CounterRandom(3, default, 0);
        var rows = new float[3 * 200];
        for (var i = 0; i < 200; i++)
            (rows[3 * i], rows[3 * i + 1], rows[3 * i + 2]) = (i % 2, random.NextBelow(20) / 20f + 0.1f * (i % 2), random.NextSingle());
        double ordered = 0, all = 0;
        for (var i = 1; i < 200; i += 2)
        {
            for (var j = 0; j < 200; j += 2)
            {
                var weight = (double)rows[3 * i + 2] * rows[3 * j + 2];
                var order = rows[3 * i + 1].CompareTo(rows[3 * j + 1]);
                (ordered, all) = (ordered + weight * (order > 0 ? 1 : order == 0 ? 0.5 : 0), all + weight);
            }
        }

        var curve = RocCurve.Of(rows);
        Assert.Equal(ordered / all, curve.Area, 1e-9);
        var rates = curve.TruePositiveRates(129);
        Assert.Equal(1, rates[^1], 1e-12);
        Assert.Equal(rates, rates.Order());
    }

    private IReadOnlyList<string> Run(FigureType type, string output, params string[] inputs) =>
        PlotCommand.Run(Request(type, output, inputs), Context());

    private PlotRequest Request(FigureType type, string output, string[] inputs) =>
        new() { Type = type, Inputs = inputs, Output = _scratch[output], Directory = _scratch.Root };

    private RunContext Context() => RunContexts.Quiet with { Note = _notes.Add };

    private void Copy(string result, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_scratch[to])!);
        File.Copy(Result(result), _scratch[to], overwrite: true);
    }

    private static string Result(string name) => GoldenFile.Path($"results/{name}");

    private static string Fixture(string name) => GoldenFile.Path($"fixtures/{name}");

    /// <summary>Texts without the space around them.</summary>
    private static string Letters(string svg) => System.Text.RegularExpressions.Regex.Replace(svg, @">\s*([^<]*?)\s*<", ">$1<");
}
