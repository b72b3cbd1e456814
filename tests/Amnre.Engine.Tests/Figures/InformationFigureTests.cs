using System.Text.RegularExpressions;
using Amnre.Engine.Figures;
using Amnre.Engine.Histograms;
using Amnre.Engine.Masks;
using Amnre.Engine.Sampling;
using Amnre.Engine.Settings;
using Amnre.Engine.Tests.Evaluation;

namespace Amnre.Engine.Tests.Figures;

/// <summary>What an observation tells, beside what observations tell on average, from the files of an evaluation.</summary>
public sealed class InformationFigureTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    /// <summary>Of a normal far within its bounds: the logarithm of their width less the normal's entropy, whatever the
    /// coordinates.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Divergences_are_those_of_the_closed_form(bool isLogarithmic)
    {
        var (study, files) = (new ScaleStudy(isLogarithmic), Histograms(isLogarithmic, ["=1", "101"], row: 3));
        File.WriteAllText(_scratch["kl.json"], """{"100": {"kl": 1.5, "avg_ratio": NaN}, "101": {"kl": 2.25}, "011": {"kl": NaN}}""");
        File.WriteAllText(_scratch["again.json"], """{"100": {"kl": 2.5}}""");

        var maps = InformationMap.Of([.. files, _scratch["kl.json"], _scratch["again.json"]], study, "AMNRE", null);

        Assert.Equal(["AMNRE, observation row 3:\ndivergence from the prior, nat", "AMNRE, mean over the data:\nlog ratio, nat"],
            maps.Select(map => map.Title));
        var entropy = 0.5 * Math.Log(2 * Math.PI * Math.E * 0.6 * 0.6);
        var (tau, mass) = (Math.Log(Math.Log(10 / 1e-3)) - entropy, Math.Log(Math.Log(3e5 / 200)) - entropy);
        Assert.Equal(tau, maps[0].Values[0, 0]!.Value, 0.01);
        Assert.Equal(mass, maps[0].Values[2, 2]!.Value, 0.01);
        Assert.Equal(tau + mass, maps[0].Values[2, 0]!.Value, 0.02);
        Assert.Null(maps[0].Values[1, 0]);
        Assert.Equal((2.0, 2.25, 2.25), (maps[1].Values[0, 0], maps[1].Values[0, 2], maps[1].Values[2, 0]));
        Assert.Null(maps[1].Values[1, 2]);
    }

    [Fact]
    public void The_prior_itself_tells_nothing()
    {
        var study = new ScaleStudy(isLogarithmic: true);
        var prior = new MarginalGrid(study, ParameterMask.Parse("110"), 12).Prior(study);
        HistogramFile.Write(_scratch["0_110.pth"], prior, prior.Mask);
        var map = Assert.Single(InformationMap.Of([_scratch["0_110.pth"]], study, "", null));
        Assert.All(new[] { map.Values[0, 0], map.Values[1, 1], map.Values[0, 1] }, value => Assert.Equal(0, value!.Value, 1e-6));
    }

    [Fact]
    public void The_figure_shows_each_series_with_its_numbers()
    {
        var (study, files) = (new ScaleStudy(isLogarithmic: true), Histograms(isLogarithmic: true, ["=1", "=2"], row: 0));
        File.WriteAllText(_scratch["kl.json"], """{"100": {"kl": 1.5}, "010": {"kl": -0.25}}""");
        var settings = new PlotSettings { Type = FigureType.Information, Simulator = "SCALES", Legend = ["one", "other"] };
        foreach (var folder in (string[])["a", "b"])
            FigureRun.Run(settings, study, new PlotInputs([[.. files, _scratch["kl.json"]], files]), _scratch[folder], RunContexts.Quiet);

        Assert.Equal(File.ReadAllBytes(_scratch["a/figure.png"]), File.ReadAllBytes(_scratch["b/figure.png"]));
        var letters = Regex.Replace(File.ReadAllText(_scratch["a/figure.svg"]), @">\s*([^<]*?)\s*<", ">$1<");
        Assert.All((string[])["one, observation row 0:", "divergence from the prior, nat", "one, mean over the data:", "log ratio, nat",
            "other, observation row 0:", "tau", "1.50", "−0.25"],
            text => Assert.Contains($">{text}<", letters, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[1]", "holds no mean log ratios")]
    [InlineData("""{"10": {"kl": 1}}""", "mask '10' is not one of SCALES")]
    [InlineData("""{"111": {"kl": 1}}""", "tells nothing of single parameters and pairs")]
    [InlineData("""{"100": {"kl": "much"}}""", "holds no mean log ratios")]
    [InlineData("""{"100": 1}""", "holds no mean log ratios")]
    public void Other_files_are_refused_by_name(string text, string message)
    {
        File.WriteAllText(_scratch["kl.json"], text);
        var refused = Assert.Throws<InputException>(() => { InformationMap.Of([_scratch["kl.json"]], new ScaleStudy(true), "", null); });
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.Contains("kl.json", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Histograms_of_several_observations_are_refused()
    {
        string[] files = [.. Histograms(true, ["=1"], row: 3), .. Histograms(true, ["=1"], row: 4)];
        Assert.Contains("of observation rows 3, 4, and a figure shows one",
            Assert.Throws<InputException>(() => { InformationMap.Of(files, new ScaleStudy(true), "", null); }).Message,
            StringComparison.Ordinal);
    }

    private string[] Histograms(bool isLogarithmic, string[] masks, int row)
    {
        var study = new ScaleStudy(isLogarithmic);
        return [.. MaskList.Expand(masks, 3, null, out _).Select(mask =>
        {
            var histogram = new MarginalGrid(study, mask, 200).Evaluate(study, [-2.5f, 0.3f, 9], 1, 4096)[0].Histogram;
            var path = _scratch[HistogramFile.NameOf(row, mask)];
            HistogramFile.Write(path, histogram, CellAxis.Logarithmic(study, mask));
            return path;
        })];
    }
}
