using Amnre.Engine.Drawing;
using Amnre.Engine.Masks;
using Amnre.Engine.Simulators;
using Amnre.Engine.Tables;
using ScottPlot;

namespace Amnre.Engine.Figures;

/// <summary>P–P plot of the percentiles of true parameters in their estimated marginals; calibrated estimates follow the
/// diagonal. A colour for each mask, a line pattern for each series.</summary>
internal static class CalibrationFigure
{
    private const float Size = 360;

    /// <summary>Beyond this many points a curve only grows the file.</summary>
    private const int MaxPoints = 512;

    /// <param name="simulator">Gives the labels.</param>
    /// <param name="legend">A name for each series, or none.</param>
    /// <param name="series">For each series its evaluation tables, which are pooled.</param>
    public static Picture Of(ISimulator simulator, IReadOnlyList<string> legend, IReadOnlyList<IReadOnlyList<string>> series)
    {
        var plot = FigureStyle.NewPlot();
        plot.XLabel("Percentile");
        plot.YLabel("Cumulative frequency");
        plot.Axes.SetLimits(-0.02, 1.02, -0.02, 1.02);
        var lines = new MaskLines(plot, simulator, legend, series.Count > 1);
        for (var i = 0; i < series.Count; i++)
        {
            foreach (var (mask, percentiles) in Percentiles(series[i], simulator))
            {
                var (p, frequency) = Curve(percentiles);
                lines.Add(i, mask, p, frequency);
            }
        }

        if (lines.Entries.Count == 0) throw new InputException("these tables hold no percentiles: evaluate with calibration");
        FigureStyle.AddDiagonal(plot);
        plot.ShowLegend(lines.Entries, Alignment.UpperLeft);
        return FigureStyle.PictureOf(plot, Size, Size);
    }

    private static IEnumerable<(ParameterMask Mask, List<double> Values)> Percentiles(IReadOnlyList<string> paths, ISimulator simulator)
    {
        var pooled = new Dictionary<ParameterMask, List<double>>();
        foreach (var path in paths)
        {
            var table = CsvTable.Read(path);
            foreach (var (text, value) in table.Texts("mask").Zip(table.Numbers("percentile")))
            {
                var mask = MaskLabel.Parse(text, simulator, path);
                if (!double.IsFinite(value)) continue;
                if (!pooled.TryGetValue(mask, out var values)) pooled[mask] = values = [];
                values.Add(value);
            }
        }

        return pooled.Select(pair => (pair.Key, pair.Value));
    }

    /// <summary>Sorted percentiles with 0 and 1 added, against their ranks.</summary>
    private static (double[] P, double[] Frequency) Curve(List<double> percentiles)
    {
        double[] sorted = [0, .. percentiles.Order(), 1];
        var count = Math.Min(sorted.Length, MaxPoints);
        var (p, frequency) = (new double[count], new double[count]);
        for (var i = 0; i < count; i++)
        {
            var rank = (int)((long)i * (sorted.Length - 1) / (count - 1));
            (p[i], frequency[i]) = (sorted[rank], (double)rank / (sorted.Length - 1));
        }

        return (p, frequency);
    }
}
