using System.Text.RegularExpressions;
using Amnre.Engine.Drawing;
using Amnre.Engine.Figures;
using Amnre.Engine.Histograms;
using Amnre.Engine.Masks;
using Amnre.Engine.Sampling;
using Amnre.Engine.Settings;
using Amnre.Engine.Tests.Evaluation;

namespace Amnre.Engine.Tests.Figures;

/// <summary>Corner figures of log-uniform parameters have logarithmic axes, and say so.</summary>
public sealed class CornerScaleTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Axes_of_log_uniform_parameters_are_logarithmic_and_named_so()
    {
        var letters = Draw(isLogarithmic: true, "111");
        Assert.All((string[])["tau (log scale)", "mass (log scale)", "10⁻²", "10⁰", "10⁵", "1", "2"],
            text => Assert.Contains($">{text}<", letters, StringComparison.Ordinal));

        letters = Draw(isLogarithmic: false, "111");
        Assert.DoesNotContain("log scale", letters, StringComparison.Ordinal);
        Assert.Contains(">tau<", letters, StringComparison.Ordinal);
    }

    [Fact]
    public void Histograms_of_other_cells_are_refused_by_name()
    {
        var (scales, logarithms) = (new ScaleStudy(isLogarithmic: true), new ScaleStudy(isLogarithmic: false));
        var histogram = new Histogram(ParameterMask.Parse("101"), 2, [0.25f, 0.25f, 0.25f, 0.25f]);
        HistogramFile.Write(_scratch["linear.pth"], histogram);
        HistogramFile.Write(_scratch["log.pth"], histogram, histogram.Mask);

        Assert.Contains("cells of equal width of tau, mass, whose prior is log-uniform",
            Error(scales, "linear.pth"), StringComparison.Ordinal);
        Assert.Contains("logarithmic cells of tau, mass, whose prior is not", Error(logarithms, "log.pth"), StringComparison.Ordinal);

        string Error(ScaleStudy study, string name) => Assert.Throws<InputException>(() =>
        {
            FigureRun.Run(Settings("101"), study, new PlotInputs([[_scratch[name]]]), _scratch["out"], RunContexts.Quiet);
        }).Message;
    }

    [Theory]
    [InlineData(1e-3, 10, "10⁻² 10⁻¹ 10⁰")]
    [InlineData(0.5, 2.5, "1 2")]
    [InlineData(2.1, 4.9, "3 4")]
    [InlineData(1, 1000, "10¹ 10²")]
    [InlineData(1e-12, 1e12, "10⁻¹⁰ 10⁻⁵ 10⁰ 10⁵ 10¹⁰")]
    [InlineData(1, 30, "2 5 10 20")]
    [InlineData(9.4e-5, 1.07e-4, "9.5E−05 0.0001 0.000105")]
    public void Ticks_are_two_to_five_round_numbers(double low, double high, string expected) =>
        Assert.Equal(expected, string.Join(' ', LogarithmicTicks.Of(low, high).Select(tick => tick.Text)));

    private static PlotSettings Settings(string mask) => new() { Type = FigureType.Corner, Simulator = "SCALES", Masks = [mask] };

    private string Draw(bool isLogarithmic, string mask)
    {
        var study = new ScaleStudy(isLogarithmic);
        var files = new List<string>();
        foreach (var part in MaskList.Expand(["=1", "=2"], 3, null, out _))
        {
            var histogram = new MarginalGrid(study, part, 60).Evaluate(study, [-2.5f, 0.3f, 9], 1, 4096)[0].Histogram;
            files.Add(_scratch[$"{isLogarithmic}-{HistogramFile.NameOf(0, part)}"]);
            HistogramFile.Write(files[^1], histogram, CellAxis.Logarithmic(study, part));
        }

        FigureRun.Run(Settings(mask), study, new PlotInputs([files]), _scratch["out"], RunContexts.Quiet);
        return Regex.Replace(File.ReadAllText(_scratch["out/figure.svg"]), @">\s*([^<]*?)\s*<", ">$1<");
    }
}
