using System.Globalization;
using Amnre.Engine.Drawing;
using Amnre.Engine.Evaluation;
using Amnre.Engine.Hdf5;
using Amnre.Engine.Masks;
using Amnre.Engine.Simulators;
using ScottPlot;

namespace Amnre.Engine.Figures;

/// <summary>Receiver operating characteristics of classified pairs, one figure for each mask: the mean curve of each method's files,
/// and the mean and deviation of the areas below.</summary>
internal static class RocFigure
{
    private const float Size = 330;

    /// <summary>False positive rates at which curves are averaged.</summary>
    private const int Points = 129;

    /// <param name="legend">A name for each series.</param>
    /// <param name="series">For each method its files; methods without any, and masks that a file lacks, are left out.</param>
    /// <returns>Each figure with the mask that its file's name ends in.</returns>
    /// <exception cref="InputException">Not files of classified pairs, or none with a pair.</exception>
    public static IReadOnlyList<(string Name, Picture Picture)> Of(
        ISimulator simulator, IReadOnlyList<string> legend, IReadOnlyList<IReadOnlyList<string>> series)
    {
        var curves = new OrderedDictionary<ParameterMask, List<(int Method, RocCurve Curve)>>();
        for (var method = 0; method < series.Count; method++)
        {
            foreach (var path in series[method])
            {
                foreach (var (mask, rows) in Read(path, simulator))
                {
                    if (!curves.TryGetValue(mask, out var known)) curves[mask] = known = [];
                    known.Add((method, RocCurve.Of(rows)));
                }
            }
        }

        return curves.Count > 0
            ? [.. curves.Select(pair => (pair.Key.ToString(), Draw(legend, pair.Value)))]
            : throw new InputException("these files hold no classified pairs: evaluate with classify");
    }

    private static List<(ParameterMask Mask, float[] Rows)> Read(string path, ISimulator simulator) =>
        [.. Pairs(path).Select(one => (MaskLabel.Parse(one.Name, simulator, path), one.Rows))];

    /// <summary>Classified pairs of each dataset of a file.</summary>
    private static List<(string Name, float[] Rows)> Pairs(string path)
    {
        if (!File.Exists(path)) throw new InputException($"'{path}': there is no such file");
        try
        {
            using var file = Hdf5File.Open(path);
            var found = new List<(string, float[])>();
            foreach (var name in file.Names().Where(file.HasDataset))
            {
                var dataset = file.Dataset(name);
                if (dataset.Dimensions is not [_, 3]) throw new InputException($"dataset '{name}' is not (pairs, 3)");
                var rows = dataset.Singles();
                // The original leaves datasets of masks that its model lacks as they were made, all zero.
                if (Array.Exists(rows, value => value != 0)) found.Add((name, rows));
            }

            return found;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Damage may show as any exception, such as an overflow.
            throw new InputException($"'{path}' cannot be read as classified pairs: {error.Message}", error);
        }
    }

    private static Picture Draw(IReadOnlyList<string> legend, List<(int Method, RocCurve Curve)> curves)
    {
        var plot = FigureStyle.NewPlot();
        plot.XLabel("False positive rate");
        plot.YLabel("True positive rate");
        plot.Axes.SetLimits(-0.02, 1.02, -0.02, 1.02);
        plot.Axes.Bottom.TickGenerator = FigureStyle.Ticks(8);
        plot.Axes.Left.TickGenerator = FigureStyle.Ticks(8);
        FigureStyle.AddDiagonal(plot);
        var entries = new List<LegendItem>();
        var rates = Enumerable.Range(0, Points).Select(i => (double)i / (Points - 1)).ToArray();
        foreach (var method in curves.GroupBy(pair => pair.Method))
        {
            var sampled = method.Select(pair => pair.Curve.TruePositiveRates(Points)).ToList();
            var line = plot.Add.ScatterLine(rates, [.. rates.Select((_, i) => sampled.Average(curve => curve[i]))],
                FigureStyle.ColorOf(method.Key));
            line.LineWidth = FigureStyle.LineWidth;
            var areas = method.Select(pair => pair.Curve.Area).ToList();
            var (mean, name) = (areas.Average(), method.Key < legend.Count ? legend[method.Key] : $"{method.Key + 1}");
            var deviation = Math.Sqrt(areas.Average(area => (area - mean) * (area - mean)));
            entries.Add(FigureStyle.Entry(string.Create(CultureInfo.InvariantCulture, $"{name} ({mean:0.000} ± {deviation:0.000})"),
                FigureStyle.ColorOf(method.Key), LinePattern.Solid));
        }

        plot.ShowLegend(entries, Alignment.LowerRight);
        return FigureStyle.PictureOf(plot, Size, Size);
    }
}
