using Amnre.Engine.Masks;
using Amnre.Engine.Simulators;
using ScottPlot;

namespace Amnre.Engine.Drawing;

/// <summary>Lines of several masks and series in one plot: a colour for each mask, a pattern for each series.</summary>
/// <param name="plot">Receives them.</param>
/// <param name="simulator">Gives the labels.</param>
/// <param name="legend">A name for each series, or none.</param>
/// <param name="several">Whether there is more than one series, so that entries name theirs.</param>
internal sealed class MaskLines(Plot plot, ISimulator simulator, IReadOnlyList<string> legend, bool several)
{
    private readonly List<ParameterMask> _masks = [];

    /// <summary>Of the legend.</summary>
    public List<LegendItem> Entries { get; } = [];

    public void Add(int series, ParameterMask mask, double[] x, double[] y)
    {
        if (!_masks.Contains(mask)) _masks.Add(mask);
        var place = _masks.IndexOf(mask);
        // Where colours come again, another pattern tells their lines apart.
        var (color, pattern) = (FigureStyle.ColorOf(place), FigureStyle.PatternOf(series + place / FigureStyle.ColorCount));
        var line = plot.Add.ScatterLine(x, y, color);
        (line.LineWidth, line.LinePattern) = (FigureStyle.LineWidth, pattern);
        var name = MaskLabel.Of(simulator, mask);
        Entries.Add(FigureStyle.Entry(several && series < legend.Count ? $"{legend[series]}, {name}" : name, color, pattern));
    }
}
