using System.Globalization;
using Amnre.Engine.CornerPlots;
using Amnre.Engine.Drawing;
using Amnre.Engine.Draws;
using Amnre.Engine.Evaluation;
using Amnre.Engine.Figures;
using Amnre.Engine.Histograms;
using Amnre.Engine.Masks;
using Amnre.Engine.SampleFiles;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;
using Amnre.Testing;

namespace Amnre.Fuzz.Tests;

/// <summary>Tables and files that figures are made of, up to the drawing.</summary>
internal static class FigureTargets
{
    private static readonly string[] Cells = [",", "\n", "\r\n", "\"", "epoch", "mask", "NaN", "inf", "1e308", "-1e308", "1e999", "-",
        "11000", "00000", "#"];

    /// <summary>What drawing asks for in passing, whatever the input.</summary>
    private const long Drawing = 256L << 20;

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        Of("figure-loss", ".csv", _ => Texts("fixtures", "*.csv"), Cells,
            (simulator, path) => FigureRun.Plain(FigureType.Loss, simulator, ["a"], [[path]])),
        Of("figure-calibration", ".csv", _ => [Table("percentile")], Cells,
            (simulator, path) => FigureRun.Plain(FigureType.Calibration, simulator, ["a"], [[path]])),
        Of("figure-coverage", ".csv",
            _ => [Text("mask,credibility,coverage,observations\n10000,0,0,9\n10000,0.5,0.4,9\n10000,1,1,9\n")], Cells,
            (simulator, path) => FigureRun.Plain(FigureType.Coverage, simulator, ["a"], [[path]])),
        Of("figure-ranks", ".csv", _ => [Text("index,mask,parameter,rank,draws\n0,01000,1,3,9\n1,01000,1,9,9\n")], Cells,
            (simulator, path) => FigureRun.Plain(FigureType.Ranks, simulator, ["a"], [[path]])),
        Of("figure-information", ".json", _ => [Text("""{"10000": {"kl": 0.5, "avg_ratio": NaN}, "11000": {"kl": 0.75}}""")],
            ["null", "NaN", "Infinity", "{", "[", "1e999", "10000", "\"kl\""],
            (simulator, path) => FigureRun.Plain(FigureType.Information, simulator, ["a"], [[path]])),
        Of("figure-predictive", ".h5", Predictions, [.. BinaryTargets.Hdf5, "predictive"],
            (simulator, path) => FigureRun.Plain(FigureType.Predictive, simulator, ["a"], [[path]])) with { IsText = false },
        Of("figure-error", ".csv", _ => [Table("entropy"), Table("total_probability,entropy,wd_truth,kl_truth,entropy_truth")], Cells,
            (simulator, path) => FigureRun.Plain(FigureType.Error, simulator, ["a"], [[path]])),
        Of("figure-consistency", ".csv", _ => [Text(",10000,01000\n10000,0.01,0.02\n01000,,0.5\n"), .. Texts("results", "*cons_*.csv")],
            Cells, (simulator, path) => FigureRun.Plain(FigureType.Consistency, simulator, [], [[path]])),
        Of("figure-roc", ".h5",
            _ => [.. Repository.Files("tests/Amnre.Engine.Tests/Golden/fixtures", "slcp-*_roc.h5", 1 << 17).Take(3)
                .Select(File.ReadAllBytes)], [.. BinaryTargets.Hdf5, "11000"],
            (simulator, path) => FigureRun.Plain(FigureType.Roc, simulator, ["a"], [[path]])) with { IsText = false },
        Of("figure-corner", ".pth", Histograms, BinaryTargets.Zip, (simulator, path) =>
        {
            var series = HistogramSeries.Read([path], simulator, 1.5);
            var panels = new CornerPanels(simulator, [series], [0.5, 0.9], null);
            return [("", CornerFigure.Of(simulator, new ParameterMask(series.Known, simulator.ThetaSize), panels, ["a"]))];
        }) with { IsText = false },
        FuzzTarget.OfFile("coverage-table", 20, ".csv", _ => [Table("percentile")], Cells,
            path => ExpectedCoverage.Tabulate(path, path + ".out", new Slcp().Labels)) with { IsText = true },
        FuzzTarget.OfText("file-pattern", ["a/**/b*.pth", "**/slcp-amnre_cons_*.csv", "/tmp/amnre-none/*.h5"],
            ["*", "?", "/", "**/", "..", "//", "[", "\0"],
            pattern => FileGlob.Expand(pattern.StartsWith('/')
                ? "/amnre-none" + pattern
                : pattern.Replace("..", "", StringComparison.Ordinal), AppContext.BaseDirectory), _ => false) with { Share = 2 },
        FuzzTarget.OfText("samples-pattern", ["a.h5\nshards/train-*.h5"], ["*", "?", "/", "\0"],
            text => SamplePaths.Expand(text.Split('\n')), error => error is Engine.InputException),
        FuzzTarget.OfText("description", ["""{"MNRE":"results/slcp-mnre_cons.csv","AMNRE":["a/*.csv","b.csv"]}"""],
            ["[", "{", "null", "\"a\":1,", "\"MNRE\":1,", "\\ud800"], text =>
        {
            foreach (var (_, patterns) in DescriptionFile.Read("{" + text.TrimStart('{', ' ')))
                if (patterns is not null) DescriptionFile.Patterns(patterns);
        }, error => error is Engine.InputException),
    ];

    private static FuzzTarget Of(
        string name, string ending, Func<string, IReadOnlyList<byte[]>> seeds, IReadOnlyList<string> tokens,
        Func<ISimulator, string, IReadOnlyList<(string Suffix, Picture Picture)>> draw) =>
        FuzzTarget.OfFile(name, 1, ending, seeds, tokens, path =>
        {
            foreach (var (_, picture) in draw(new Slcp(), path).Take(2)) picture.Save(path + "-figure", ".svg");
        }) with
        { IsText = true, Memory = Drawing };

    private static byte[] Text(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private static byte[] Table(string columns) => Text($"index,mask,{columns}\n" + string.Concat(Enumerable.Range(0, 12).Select(row =>
        string.Create(CultureInfo.InvariantCulture, $"{row / 2},{(row % 2 == 0 ? "10000" : "11000")}{Values(columns, row)}\n"))));

    private static string Values(string columns, int row) => string.Concat(columns.Split(',')
        .Select((_, column) => FormattableString.Invariant($",{0.05 * row + 0.3 * column}")));

    private static List<byte[]> Texts(string folder, string pattern) =>
        [.. Repository.Files($"tests/Amnre.Engine.Tests/Golden/{folder}", pattern, 1 << 15).Select(File.ReadAllBytes)];

    private static List<byte[]> Predictions(string folder)
    {
        var path = Path.Combine(folder, "draws.h5");
        DrawsFile.Write(new PosteriorDraws
        {
            Rows = [3],
            Count = 10,
            Masks = [(ParameterMask.Parse("11111"), new float[50])],
            Observed = new float[8],
            Predicted = ([.. Enumerable.Range(0, 80).Select(i => (float)i)], [4, 2]),
        }, path);
        return [File.ReadAllBytes(path)];
    }

    private static List<byte[]> Histograms(string folder)
    {
        var (one, two) = (Path.Combine(folder, "one.pth"), Path.Combine(folder, "two.pth"));
        HistogramFile.Write(one, new Histogram(ParameterMask.Parse("01000"), 5, [.. Enumerable.Repeat(0.2f, 5)]));
        HistogramFile.Write(two, new Histogram(ParameterMask.Parse("11000"), 4, [.. Enumerable.Range(0, 16).Select(i => i / 120f)]));
        return [File.ReadAllBytes(one), File.ReadAllBytes(two)];
    }
}
