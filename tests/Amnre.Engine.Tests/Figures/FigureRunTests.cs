using System.Text;
using Amnre.Engine.Catalog;
using Amnre.Engine.Datasets;
using Amnre.Engine.Figures;
using Amnre.Engine.Histograms;
using Amnre.Engine.SampleFiles;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;
using Amnre.Engine.Truth;

namespace Amnre.Engine.Tests.Figures;

public sealed class FigureRunTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();
    private readonly ISimulator _slcp = SimulatorCatalog.Find("SLCP");

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData(FigureType.Loss)]
    [InlineData(FigureType.Calibration)]
    [InlineData(FigureType.Corner)]
    public void Every_type_is_drawn_in_three_formats_with_the_same_bytes_each_time(FigureType type)
    {
        var (settings, inputs) = Example(type);
        foreach (var directory in (string[])["a", "b"])
            Assert.Equal(RunEnd.Completed, FigureRun.Run(settings, _slcp, inputs, _scratch[directory], RunContexts.Quiet));

        Assert.Equal(
            ["figure.pdf", "figure.png", "figure.svg"], Directory.GetFiles(_scratch["a"]).Select(Path.GetFileName).Order());
        foreach (var extension in (string[])["png", "pdf", "svg"])
            Assert.Equal(File.ReadAllBytes(_scratch[$"a/figure.{extension}"]), File.ReadAllBytes(_scratch[$"b/figure.{extension}"]));

        using var png = SkiaSharp.SKBitmap.Decode(_scratch["a/figure.png"]);
        Assert.Equal(1800, png.Width);
        Assert.StartsWith("%PDF", File.ReadAllText(_scratch["a/figure.pdf"], Encoding.Latin1), StringComparison.Ordinal);
        Assert.DoesNotContain("CreationDate", File.ReadAllText(_scratch["a/figure.pdf"], Encoding.Latin1), StringComparison.Ordinal);
    }

    [Fact]
    public void A_corner_figure_of_several_masks_is_one_figure_each()
    {
        var (settings, inputs) = Corner();
        FigureRun.Run(settings with { Masks = ["00110", "10000"], Quantiles = [0.9545, 0.6827] }, _slcp, inputs, _scratch["out"],
            RunContexts.Quiet);

        Assert.Equal(
            ["figure_00110.png", "figure_10000.png"],
            Directory.GetFiles(_scratch["out"], "*.png").Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Statistics_without_validation_and_of_one_epoch_are_drawn()
    {
        File.WriteAllText(_scratch["short.csv"], "epoch,time,lr,mean,std\n1,0.1,0.001,0.5,nan\n");
        var settings = new PlotSettings { Type = FigureType.Loss, Simulator = "SLCP" };

        Assert.Equal(
            RunEnd.Completed,
            FigureRun.Run(settings, _slcp, new PlotInputs([[_scratch["short.csv"]]]), _scratch["out"], RunContexts.Quiet));
        using var png = SkiaSharp.SKBitmap.Decode(_scratch["out/figure.png"]);
        Assert.True(png.Pixels.Count(pixel => pixel.Blue > pixel.Red + 50) > 400, "the point of the epoch is missing");
    }

    [Fact]
    public void Inputs_that_cannot_be_drawn_are_refused_with_the_reason()
    {
        File.WriteAllText(_scratch["plain.csv"], "index,mask\n0,00110\n");
        File.WriteAllText(_scratch["torn.csv"], "epoch,time,lr,mean,std\n1,1,1,0.5,1\n2\n");
        File.WriteAllText(_scratch["begun.csv"], "epoch,time,lr,mean,std\n");
        File.WriteAllText(_scratch["empty.csv"], "");
        var (corner, files) = Corner();

        Assert.Contains("no column 'percentile'", Error(FigureType.Calibration, "plain.csv"));
        Assert.Contains("line 3: '2' does not fit the header", Error(FigureType.Loss, "torn.csv"));
        Assert.Contains("has no rows", Error(FigureType.Loss, "begun.csv"));
        Assert.Contains("is no table of training statistics", Error(FigureType.Loss, "empty.csv"));
        Assert.Contains("no such file", Error(FigureType.Loss, "gone.csv"));
        Assert.Contains("a series has no files", ErrorOf(corner, new PlotInputs([[]])));
        Assert.Contains("2 entries for 1 series", ErrorOf(corner, new PlotInputs([files.Series[0]], files.Samples)));
        Assert.Contains("give the dataset", ErrorOf(corner, files with { Samples = null }));
        Assert.Contains("rows 8 to 8 were asked for, but it has 8 rows", ErrorOf(corner with { Row = 8 }, files));
        Assert.Contains(
            "only those of '10000'",
            ErrorOf(corner with { Masks = ["11000"], Legend = [] },
                new PlotInputs([[files.Series[0].First(path => path.Contains("10000"))]], files.Samples)));

        string Error(FigureType type, string name) =>
            ErrorOf(new PlotSettings { Type = type, Simulator = "SLCP" }, new PlotInputs([[_scratch[name]]]));

        string ErrorOf(PlotSettings settings, PlotInputs inputs) =>
            Assert.Throws<InputException>(() => { FigureRun.Run(settings, _slcp, inputs, _scratch["out"], RunContexts.Quiet); }).Message;
    }

    [Fact]
    public void Settings_that_cannot_be_are_all_reported_at_once()
    {
        var settings = new PlotSettings
        {
            Type = FigureType.Loss,
            Simulator = "HH",
            Row = -1,
            Quantiles = [0.5, 1, double.NaN],
            Masks = ["00", "=1"],
        };

        Assert.Equal(
            ["row", "quantiles", "simulator", "masks"],
            PlotSettingsErrors.Of(settings, _slcp).Select(error => error.Field));
        Assert.Contains(
            "marks no observation",
            PlotSettingsErrors.Of(new PlotSettings { Type = FigureType.Loss, Simulator = "SLCP", Row = 1 }, _slcp).Single().Message);
        Assert.Empty(PlotSettingsErrors.Of(new PlotSettings { Type = FigureType.Corner, Simulator = "SLCP", Row = 1 }, _slcp));
    }

    private (PlotSettings Settings, PlotInputs Inputs) Example(FigureType type) => type switch
    {
        FigureType.Loss => (
            new PlotSettings { Type = type, Simulator = "SLCP", Legend = ["AMNRE", "NPE"] },
            new PlotInputs([[Losses("one.csv", 0.1)], [Losses("two.csv", 0.13)]])),
        FigureType.Calibration => (
            new PlotSettings { Type = type, Simulator = "SLCP" },
            new PlotInputs([[Percentiles("percentiles.csv")]])),
        _ => Corner(),
    };

    private string Losses(string name, double scale)
    {
        var text = new StringBuilder("epoch,time,lr,mean,std,v_mean,v_std\n");
        for (var epoch = 1; epoch <= 60; epoch++)
        {
            var loss = 0.08 + scale / epoch;
            text.Append($"{epoch},1.0,0.001,{loss * (epoch < 2 ? 4 : 0.98)},0.01,{loss + 0.003 * Math.Sin(epoch)},0.01\n");
        }

        File.WriteAllText(_scratch[name], text.ToString());
        return _scratch[name];
    }

    private string Percentiles(string name)
    {
        var text = new StringBuilder("index,mask,total_probability,entropy,percentile\n");
        for (var i = 0; i < 1000; i++)
        {
            for (var parameter = 0; parameter < 5; parameter++)
            {
                var random = new Amnre.Engine.Randomness.CounterRandom(1, default, (ulong)(i * 5 + parameter));
                var mask = string.Concat(Enumerable.Range(0, 5).Select(k => k == parameter ? '1' : '0'));
                text.Append($"{i},{mask},1,1,{Math.Pow(random.NextDouble(), 1 + 0.1 * parameter)}\n");
            }
        }

        File.WriteAllText(_scratch[name], text.ToString());
        return _scratch[name];
    }

    private (PlotSettings Settings, PlotInputs Inputs) Corner()
    {
        ShardSampling.Run(new SampleSettings { Simulator = "SLCP", Seed = 17, Start = 0, Rows = 8 }, _slcp, _scratch.Root,
            RunContexts.Quiet);
        const int Row = 7;
        using var samples = SampleFile.Open(_scratch[ShardSampling.OutputName]);
        var x = new float[8];
        samples.Read(Row, [], x);
        var (truth, blurred) = (new List<string>(), new List<string>());
        foreach (var histogram in SlcpTruth.Marginals(x, 100).Values)
        {
            truth.Add(_scratch["truth-" + HistogramFile.NameOf(Row, histogram.Mask)]);
            HistogramFile.Write(truth[^1], histogram);
        }

        foreach (var histogram in SlcpTruth.Marginals([.. x.Select((value, i) => value * (1 + 0.1f * (i % 3)))], 100).Values)
        {
            blurred.Add(_scratch["other-" + HistogramFile.NameOf(Row, histogram.Mask)]);
            HistogramFile.Write(blurred[^1], histogram);
        }

        var settings = new PlotSettings { Type = FigureType.Corner, Simulator = "SLCP", Legend = ["Truth", "AMNRE"], Row = Row };
        return (settings, new PlotInputs([truth, blurred], _scratch[ShardSampling.OutputName]));
    }
}
