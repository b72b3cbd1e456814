using System.Globalization;
using ScottPlot;
using ScottPlot.Rendering.RenderActions;
using SkiaSharp;

namespace Amnre.Engine.Drawing;

/// <summary>The look that all figures share.</summary>
internal static class FigureStyle
{
    public const float LineWidth = 1.4f;

    public const float LabelSize = 13, TickSize = 10, LegendSize = 10;

    /// <summary>The font's line box reaches further up than down; so much lower, text looks centred.</summary>
    public const float Descent = 1.3f;

    /// <summary>Distinguishable with any colour vision (Okabe and Ito, 2008), the strongest first.</summary>
    private static readonly Color[] Palette =
    [
        Color.FromHex("#0072B2"), Color.FromHex("#D55E00"), Color.FromHex("#009E73"), Color.FromHex("#CC79A7"),
        Color.FromHex("#E69F00"), Color.FromHex("#56B4E9"), Color.FromHex("#5D5D5D"),
    ];

    /// <summary>Short enough to show in a legend's swatch.</summary>
    public static readonly LinePattern Dashed = new([4.5f, 2.5f], 0, "dashed");

    private static readonly LinePattern[] Patterns =
        [LinePattern.Solid, Dashed, new([1.5f, 2], 0, "dotted"), new([7, 2, 1.5f, 2], 0, "dash-dotted")];

    public static Color ColorOf(int series) => Palette[series % Palette.Length];

    /// <summary>How many colours there are before they come again.</summary>
    public static int ColorCount => Palette.Length;

    public static LinePattern PatternOf(int series) => Patterns[series % Patterns.Length];

    /// <summary>An empty plot: thin frame, light grid, numbers with true minus signs.</summary>
    public static Plot NewPlot()
    {
        FigureFont.Register();
        var plot = new Plot();

        // The canvas is white, and other panels may be on it already.
        plot.RenderManager.RenderActions.RemoveAll(action =>
            action is ClearCanvas or RenderFigureBackground or RenderDataBackground);
        plot.Grid.MajorLineColor = Color.FromHex("#E4E4E4");
        plot.Grid.MajorLineWidth = 0.8f;
        foreach (var axis in plot.Axes.GetAxes())
        {
            axis.FrameLineStyle.Width = 0.8f;
            axis.MajorTickStyle.Length = 3;
            axis.MajorTickStyle.Width = 0.8f;
            axis.MinorTickStyle.Length = 0;
            axis.TickLabelStyle.FontSize = TickSize;
            axis.TickLabelStyle.FontName = FigureFont.Name;
            axis.Label.FontName = FigureFont.Name;
            axis.Label.FontSize = LabelSize;
            axis.Label.Bold = false;
            axis.TickLabelStyle.OffsetY = axis is IYAxis ? Descent : 0;
        }

        plot.Axes.Bottom.TickGenerator = Ticks(8);
        plot.Axes.Left.TickGenerator = Ticks(8);
        plot.Legend.FontName = FigureFont.Name;
        plot.Legend.FontSize = LegendSize;
        plot.Legend.ShadowColor = Colors.Transparent;
        plot.Legend.OutlineColor = Color.FromHex("#C8C8C8");
        plot.Legend.OutlineWidth = 0.8f;
        plot.Legend.SymbolWidth = 24;
        plot.Legend.Padding = new PixelPadding(7, 7, 5, 5);
        plot.Legend.InterItemPadding = new PixelPadding(5, 5, 2, 2);
        return plot;
    }

    /// <summary>A line in a legend.</summary>
    public static LegendItem Entry(string text, Color color, LinePattern pattern) =>
        new() { LabelText = text, LineColor = color, LinePattern = pattern, LineWidth = LineWidth, LabelOffsetY = Descent };

    /// <summary>Where what is good lies.</summary>
    public static Color BandColor { get; } = Color.FromHex("#D4D4D4");

    /// <summary>The line of what is equal, from 0 to 1.</summary>
    public static void AddDiagonal(Plot plot)
    {
        var diagonal = plot.Add.Line(0, 0, 1, 1);
        (diagonal.LineColor, diagonal.LinePattern, diagonal.LineWidth) = (Colors.Black, Dashed, 1);
    }

    /// <summary>Fills between two lines, without drawing these.</summary>
    public static void AddBand(Plot plot, double[] places, double[] low, double[] high, Color color)
    {
        var band = plot.Add.FillY(places, low, high);
        (band.FillColor, band.LineWidth) = (color, 0);
    }

    /// <summary>A band in a legend.</summary>
    public static LegendItem BandEntry(string text, Color? color = null) =>
        new() { LabelText = text, FillColor = color ?? BandColor, LineWidth = 0, LabelOffsetY = Descent };

    /// <summary>Points in a legend of <see cref="DrawEntries"/>.</summary>
    public static LegendItem PointEntry(string text, Color color) => new() { LabelText = text, LineColor = color, LineWidth = 0 };

    /// <summary>Legend entries below one another, for pictures of several plots.</summary>
    public static void DrawEntries(SKCanvas canvas, IReadOnlyList<LegendItem> entries, float left, float top)
    {
        const float Swatch = 22, Space = 7, Line = 17;
        using var paint = new SKPaint { IsAntialias = true };
        foreach (var entry in entries)
        {
            var middle = top + Line / 2;
            paint.Style = SKPaintStyle.Fill;
            if (entry.FillColor.Alpha > 0)
            {
                paint.Color = entry.FillColor.ToSKColor();
                canvas.DrawRect(SKRect.Create(left, middle - 5, Swatch, 10), paint);
            }
            else if (entry.LineWidth == 0)
            {
                paint.Color = entry.LineColor.ToSKColor();
                canvas.DrawCircle(left + Swatch / 2, middle, 2.5f, paint);
            }
            else
            {
                using var dashes = entry.LinePattern.Intervals is { Length: > 0 } intervals ? SKPathEffect.CreateDash(intervals, 0) : null;
                (paint.Style, paint.StrokeWidth, paint.PathEffect, paint.Color) =
                    (SKPaintStyle.Stroke, LineWidth, dashes, entry.LineColor.ToSKColor());
                canvas.DrawLine(left, middle, left + Swatch, middle, paint);
                paint.PathEffect = null;
            }

            DrawText(canvas, entry.LabelText, left + Swatch + Space, middle + 0.36f * LegendSize);
            top += Line;
        }
    }

    /// <summary>A line of text in the size of legends.</summary>
    public static void DrawText(SKCanvas canvas, string text, float left, float baseline)
    {
        using var font = new SKFont(FigureFont.Typeface, LegendSize) { Subpixel = true };
        using var ink = new SKPaint { IsAntialias = true, Color = SKColors.Black };
        canvas.DrawText(text, left, baseline, SKTextAlign.Left, font, ink);
    }

    /// <summary>A legend beside the data, at the top: within, it would hide some of them.</summary>
    public static void LegendBeside(Plot plot, IEnumerable<LegendItem> entries)
    {
        plot.ShowLegend([.. entries], Alignment.UpperLeft);
        var panel = plot.ShowLegend(Edge.Right);
        // The legend's own margin is gap enough.
        (panel.Alignment, panel.Padding) = (Alignment.UpperLeft, PixelPadding.Zero);
    }

    /// <summary>Draws <paramref name="plot"/> on the whole of a picture, a little off the edge.</summary>
    public static Picture PictureOf(Plot plot, float width, float height) =>
        new(width, height, canvas => plot.Render(canvas, new PixelRect(3, width - 3, height - 3, 0)));

    public static ScottPlot.TickGenerators.NumericAutomatic Ticks(int count) =>
        new() { TargetTickCount = count, LabelFormatter = Number };

    /// <summary>Two to five round numbers between two bounds: panels of one size and range get the same.</summary>
    public static ScottPlot.TickGenerators.NumericManual RoundTicks(double low, double high)
    {
        var places = RoundNumbers(low, high);
        return new ScottPlot.TickGenerators.NumericManual(places, [.. places.Select(Number)]);
    }

    /// <inheritdoc cref="RoundTicks"/>
    public static double[] RoundNumbers(double low, double high)
    {
        var rough = (high - low) / 4;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = power * (rough / power) switch { <= 1 => 1, <= 2 => 2, <= 2.5 => 2.5, <= 5 => 5, _ => 10 };
        var first = Math.Ceiling(low / step + 1e-9);
        return [.. Enumerable.Range(0, (int)(Math.Floor(high / step - 1e-9) - first) + 1).Select(i => (first + i) * step)];
    }

    public static string Number(double value) =>
        Math.Round(value, 10).ToString("0.##########", CultureInfo.InvariantCulture).Replace('-', '−');
}
