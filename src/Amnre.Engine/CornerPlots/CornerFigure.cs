using Amnre.Engine.Drawing;
using Amnre.Engine.Masks;
using Amnre.Engine.Simulators;
using ScottPlot;
using SkiaSharp;

namespace Amnre.Engine.CornerPlots;

/// <summary>Triangle of all 1-D and 2-D marginals of a mask: densities on the diagonal, highest-density regions below it.</summary>
internal sealed class CornerFigure
{
    private const float Margin = 48, Gap = 6, Edge = 8;

    private readonly ISimulator _simulator;
    private readonly int[] _parameters;
    private readonly float _panel;
    private readonly CornerPanels _panels;

    private CornerFigure(ISimulator simulator, ParameterMask mask, CornerPanels panels, double? size)
    {
        (_simulator, _parameters, _panels) = (simulator, mask.Indices(), panels);
        _panel = size is { } points
            ? (float)Math.Max(20, (points - Left - Edge + Gap) / Count - Gap)
            : _parameters.Length switch { 1 => 220, 2 => 150, 3 => 120, <= 5 => 100, _ => 80 };
    }

    private int Count => _parameters.Length;

    /// <summary>Room for numbers and names at the left; a lone density has none.</summary>
    private float Left => Count == 1 ? Edge : Margin;

    /// <param name="legend">A name for each series, empty for none.</param>
    /// <param name="size">Width of the triangle in points; null for one that suits the number of parameters.</param>
    /// <param name="hideLegend">Leave out the legend with all its entries.</param>
    public static Picture Of(
        ISimulator simulator, ParameterMask mask, CornerPanels panels, IReadOnlyList<string> legend, double? size = null,
        bool hideLegend = false)
    {
        var figure = new CornerFigure(simulator, mask, panels, size);
        var panelsSide = figure.Count * (figure._panel + Gap) - Gap + Edge;

        // A triangle of three or more leaves room for the legend at its upper right; smaller ones get it beside them.
        var entries = hideLegend ? CornerLegend.None : CornerLegend.Of(legend, panels, hasRegions: figure.Count > 1);
        var beside = figure.Count < 3;
        var width = figure.Left + panelsSide + (beside && entries.HasAny ? entries.Width + Gap : 0);
        return new Picture(width, Margin + panelsSide, canvas =>
        {
            figure.Draw(canvas);
            entries.Draw(canvas, width - Edge - entries.Width, Edge);
        });
    }

    private void Draw(SKCanvas canvas)
    {
        for (var row = 0; row < Count; row++)
        {
            for (var column = 0; column <= row; column++)
            {
                var (x, y) = (_parameters[column], _parameters[row]);
                var plot = row == column ? _panels.Density(x) : _panels.Regions(x, y);
                Frame(plot, row, column);
                var (left, top) = (Left + column * (_panel + Gap), Edge + row * (_panel + Gap));

                // All panels have the same data area; labels reach into the margins.
                var (leftPad, bottomPad) = (column == 0 ? Left - 1 : 0f, row == Count - 1 ? Margin - Edge : 0f);
                plot.Layout.Fixed(new PixelPadding(leftPad, 0, bottomPad, 0));
                plot.Render(canvas, new PixelRect(left - leftPad, left + _panel, top + _panel + bottomPad, top));
            }
        }
    }

    /// <summary>Names and numbers only at the lower and left borders; the vertical scale of a density means nothing.</summary>
    private void Frame(Plot plot, int row, int column)
    {
        var labelBottom = row == Count - 1;
        var labelLeft = column == 0 && row > 0;
        plot.HideGrid();
        plot.Axes.Right.FrameLineStyle.Width = plot.Axes.Left.FrameLineStyle.Width;
        plot.Axes.Bottom.TickGenerator = labelBottom ? TicksOf(_parameters[column]) : new ScottPlot.TickGenerators.EmptyTickGenerator();
        plot.Axes.Left.TickGenerator = labelLeft ? TicksOf(_parameters[row]) : new ScottPlot.TickGenerators.EmptyTickGenerator();
        if (labelBottom) plot.XLabel(Name(_parameters[column]), SizeOf(_parameters[column]));
        if (labelLeft) plot.YLabel(Name(_parameters[row]), SizeOf(_parameters[row]));
    }

    private string Name(int parameter) =>
        _simulator.IsLogarithmic(parameter) ? $"{_simulator.Labels[parameter]} (log scale)" : _simulator.Labels[parameter];

    /// <summary>So small that the name of an axis is no longer than its panel.</summary>
    private float SizeOf(int parameter)
    {
        using var font = new SKFont(FigureFont.Typeface, FigureStyle.LabelSize);
        return FigureStyle.LabelSize * Math.Min(1, _panel / font.MeasureText(Name(parameter)));
    }

    private ScottPlot.TickGenerators.NumericManual TicksOf(int parameter) => _simulator.IsLogarithmic(parameter)
        ? LogarithmicTicks.Between(_simulator.Low[parameter], _simulator.High[parameter])
        : FigureStyle.RoundTicks(_simulator.Low[parameter], _simulator.High[parameter]);
}
