using Amnre.Engine.Figures;
using Amnre.Engine.Masks;
using Amnre.Engine.Settings;
using Amnre.Engine.Tests.Golden;
using PureHDF;

namespace Amnre.Engine.Tests.Figures;

/// <summary>Figures that say whether an estimate is right.</summary>
public sealed class JudgementFigureTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    /// <summary>Quantiles of the binomial law, as scipy gives them.</summary>
    [Theory]
    [InlineData(10, 0.5, 0.2, 0.8)]
    [InlineData(128, 0.9, 0.84375, 0.9453125)]
    [InlineData(1, 0, 0, 0)]
    [InlineData(7, 1, 1, 1)]
    public void The_band_holds_95_percent(int n, double p, double low, double high)
    {
        var band = BinomialBand.Of(n, p);
        Assert.Equal(low, band.Low, 1e-12);
        Assert.Equal(high, band.High, 1e-12);
    }

    [Theory]
    [InlineData(99)]
    [InlineData(1000)]
    [InlineData(19)]
    public void Uniform_ranks_are_flat_within_the_band_and_others_leave_it(int draws)
    {
        var mask = ParameterMask.Parse("10000");
        int[] uniform = [.. Enumerable.Range(0, 400).Select(i => (int)((i + 0.5) / 400 * (draws + 1)))];

        var flat = RankBins.Of(mask, 0, uniform, draws, tables: 1);
        Assert.All(flat.Relative.Zip(flat.Band), bin => Assert.InRange(bin.First, bin.Second.Low, bin.Second.High));
        Assert.Equal(1, flat.Relative.Average(), 0.02);

        var low = RankBins.Of(mask, 0, [.. uniform.Select(rank => rank / 2)], draws, tables: 1);
        Assert.True(low.Relative[0] > low.Band[0].High && low.Relative[^1] < low.Band[^1].Low);

        // Replicates judge the same observations: the band is that of one.
        Assert.Equal(flat.Band, RankBins.Of(mask, 0, [.. uniform, .. uniform], draws, tables: 2).Band);
    }

    [Fact]
    public void Coverage_and_ranks_say_on_the_picture_what_is_good()
    {
        File.WriteAllText(_scratch["slcp_coverage.csv"],
            "mask,credibility,coverage,observations\n10000,0,0,64\n10000,0.5,0.6,64\n10000,1,1,64\n00110,0,0,64\n00110,1,1,64\n");
        Assert.Equal([_scratch["cov.svg"]], Run(FigureType.Coverage, "cov.svg", null, _scratch["slcp_coverage.csv"]));
        var svg = Letters("cov.svg");
        Assert.All((string[])["θ₁", "θ₃, θ₄", "Credibility", "above the band: too cautious, below: too sure", "good: 95 % of n = 64"],
            text => Assert.Contains(text, svg, StringComparison.Ordinal));

        File.WriteAllText(_scratch["slcp_ranks.csv"], "index,mask,parameter,rank,draws\n" + string.Concat(Enumerable.Range(0, 100)
            .Select(i => $"{i},00110,2,{i},99\n{i},00110,3,{99 - i},99\n")));
        Run(FigureType.Ranks, "ranks.svg", null, _scratch["slcp_ranks.csv"]);
        svg = Letters("ranks.svg");
        Assert.All((string[])["rank of θ₃", "rank of θ₄", "frequency / uniform", "uniform, n = 100"],
            text => Assert.Contains(text, svg, StringComparison.Ordinal));
        Assert.Contains("Good: flat", svg, StringComparison.Ordinal);
    }

    [Fact]
    public void Predictions_are_shown_by_their_quantiles_beside_the_observation()
    {
        var draws = Enumerable.Range(0, 101).SelectMany(draw => Enumerable.Range(0, 8).Select(value => (float)(draw * (value + 1))));
        float[] observed = [50, 0, 0, 0, 0, 0, 0, 900];
        new H5File
        {
            ["index"] = new long[] { 3, 5 },
            ["predictive"] = new H5Dataset<float[]>([.. draws, .. draws], fileDims: [2, 101, 4, 2]),
            ["observed"] = new H5Dataset<float[]>([.. observed, .. observed], fileDims: [2, 4, 2]),
        }.Write(_scratch["slcp_draws.h5"]);
        var simulator = Engine.Catalog.SimulatorCatalog.Find("SLCP");

        var row = PredictiveRow.Read(_scratch["slcp_draws.h5"], 5, simulator);
        Assert.Equal((5, 50f), (row.Row, row.Observed[0]));
        Assert.Equal([2.5, 16, 50, 84, 97.5], row.Quantiles()[0].Select(value => Math.Round(value, 9)));
        Assert.Equal(3, PredictiveRow.Read(_scratch["slcp_draws.h5"], null, simulator).Row);

        Run(FigureType.Predictive, "pred.svg", 5, _scratch["slcp_draws.h5"]);
        Assert.Contains("row 5: 1 of 8 values within 95 % of predictions", Letters("pred.svg"), StringComparison.Ordinal);

        Assert.Contains("there are no draws of row 4, only of 3 to 5", Error(FigureType.Predictive, 4, _scratch["slcp_draws.h5"]));
        Assert.Contains("evaluate with predictive", Error(FigureType.Predictive, null, GoldenFile.Path("fixtures/slcp-test.h5")));
        Assert.Contains("leave it out for type coverage", Error(FigureType.Coverage, 1, "slcp.csv"));
    }

    [Theory]
    [InlineData("mask,credibility,coverage,observations\n10000,0.5,1.5,64\n", FigureType.Coverage, "row 1 is no coverage")]
    [InlineData("mask,credibility,coverage\n10000,0.5,0.5\n", FigureType.Coverage, "no column 'observations'")]
    [InlineData("index,mask,parameter,rank,draws\n0,10000,1,3,9\n", FigureType.Ranks, "row 1 is no rank")]
    [InlineData("index,mask,parameter,rank,draws\n0,10000,0,10,9\n", FigureType.Ranks, "row 1 is no rank")]
    [InlineData("index,mask,parameter,rank,draws\n0,10000,0,1,9\n1,10000,0,1,8\n", FigureType.Ranks, "are among 9 draws and among others")]
    public void Tables_of_another_kind_are_refused(string text, FigureType type, string message)
    {
        File.WriteAllText(_scratch["slcp.csv"], text);
        Assert.Contains(message, Error(type, null, _scratch["slcp.csv"]), StringComparison.Ordinal);
    }

    private string Error(FigureType type, int? row, string input) =>
        Assert.Throws<InputException>(() => { Run(type, "bad.svg", row, input); }).Message;

    private IReadOnlyList<string> Run(FigureType type, string output, int? row, params string[] inputs) => PlotCommand.Run(
        new() { Type = type, Inputs = inputs, Output = _scratch[output], Directory = _scratch.Root, Row = row, Simulator = "SLCP" },
        RunContexts.Quiet);

    /// <summary>Texts without the space around them.</summary>
    private string Letters(string name) =>
        System.Text.RegularExpressions.Regex.Replace(File.ReadAllText(_scratch[name]), @">\s*([^<]*?)\s*<", ">$1<");
}
