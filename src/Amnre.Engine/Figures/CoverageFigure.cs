using Amnre.Engine.Drawing;
using Amnre.Engine.Masks;
using Amnre.Engine.Simulators;
using Amnre.Engine.Tables;

namespace Amnre.Engine.Figures;

/// <summary>Expected coverage against credibility, with the band in which 95 % of calibrated estimates of as many observations lie. A
/// colour for each mask, a line pattern for each series.</summary>
internal static class CoverageFigure
{
    private const float Size = 380;
    private const int BandPoints = 100;

    /// <param name="simulator">Gives the labels.</param>
    /// <param name="legend">A name for each series, or none.</param>
    /// <param name="series">For each series its tables of coverage, which are averaged: replicates judge the same observations.</param>
    /// <exception cref="InputException">Tables of another kind.</exception>
    public static Picture Of(ISimulator simulator, IReadOnlyList<string> legend, IReadOnlyList<IReadOnlyList<string>> series)
    {
        var lines = series.Select(paths => Lines(paths, simulator)).ToList();
        var observations = (int)lines.SelectMany(line => line).Min(line => line.Observations);
        var plot = FigureStyle.NewPlot();
        plot.XLabel("Credibility");
        plot.YLabel("Expected coverage\nabove the band: too cautious, below: too sure", FigureStyle.LabelSize - 2);
        plot.Axes.SetLimits(-0.02, 1.02, -0.02, 1.02);
        double[] places = [.. Enumerable.Range(0, BandPoints + 1).Select(i => (double)i / BandPoints)];
        var band = places.Select(place => BinomialBand.Of(observations, place)).ToList();
        FigureStyle.AddBand(plot, places, [.. band.Select(one => one.Low)], [.. band.Select(one => one.High)], FigureStyle.BandColor);
        var drawn = new MaskLines(plot, simulator, legend, lines.Count > 1);
        for (var i = 0; i < lines.Count; i++)
            foreach (var (mask, credibility, coverage, _) in lines[i]) drawn.Add(i, mask, credibility, coverage);
        FigureStyle.AddDiagonal(plot);
        FigureStyle.LegendBeside(plot, [.. drawn.Entries, FigureStyle.BandEntry($"good: 95 % of n = {observations}")]);
        return FigureStyle.PictureOf(plot, Size + 150, Size);
    }

    private static IReadOnlyList<(ParameterMask Mask, double[] Credibility, double[] Coverage, double Observations)> Lines(
        IReadOnlyList<string> paths, ISimulator simulator)
    {
        var rows = new List<(ParameterMask Mask, double Credibility, double Coverage, double Observations)>();
        foreach (var path in paths)
        {
            var table = CsvTable.Read(path);
            var (masks, credibility) = (table.Texts("mask"), table.Numbers("credibility"));
            var (coverage, observations) = (table.Numbers("coverage"), table.Numbers("observations"));
            for (var i = 0; i < masks.Count; i++)
            {
                if (!(credibility[i] is >= 0 and <= 1 && coverage[i] is >= 0 and <= 1 && observations[i] is >= 1 and <= int.MaxValue))
                    throw new InputException($"table '{path}' row {i + 1} is no coverage: expected a credibility and a coverage " +
                        "from 0 to 1, and a number of observations");
                rows.Add((MaskLabel.Parse(masks[i], simulator, path), credibility[i], coverage[i], observations[i]));
            }
        }

        return [.. rows.GroupBy(row => row.Mask).Select(mask =>
        {
            var points = mask.GroupBy(row => row.Credibility).OrderBy(point => point.Key).ToList();
            return (mask.Key, points.Select(point => point.Key).ToArray(),
                points.Select(point => point.Average(row => row.Coverage)).ToArray(), mask.Min(row => row.Observations));
        })];
    }
}
