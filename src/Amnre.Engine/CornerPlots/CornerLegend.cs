using System.Globalization;
using Amnre.Engine.Drawing;
using ScottPlot;
using SkiaSharp;

namespace Amnre.Engine.CornerPlots;

/// <summary>Names the series, the regions and the star of a corner figure.</summary>
internal sealed class CornerLegend
{
    private const float Swatch = 22, Space = 7, Line = 17;

    private readonly List<(string Text, Action<SKCanvas, SKRect> Swatch)> _entries = [];

    private CornerLegend()
    {
    }

    public static CornerLegend None { get; } = new();

    public bool HasAny => _entries.Count > 0;

    public float Width
    {
        get
        {
            using var font = new SKFont(FigureFont.Typeface, FigureStyle.LegendSize);
            return HasAny ? Swatch + Space + _entries.Max(entry => font.MeasureText(entry.Text)) : 0;
        }
    }

    /// <param name="legend">A name for each series, or none.</param>
    /// <param name="panels">What is drawn.</param>
    /// <param name="hasRegions">Whether there are 2-D panels; a lone density marks the truth by a line.</param>
    public static CornerLegend Of(IReadOnlyList<string> legend, CornerPanels panels, bool hasRegions)
    {
        var result = new CornerLegend();
        for (var i = 0; i < Math.Min(legend.Count, panels.SeriesCount); i++)
        {
            var color = FigureStyle.ColorOf(i);
            if (legend[i].Length > 0) result._entries.Add((legend[i], (canvas, box) => Fill(canvas, box, color, 0.35, color)));
        }

        for (var i = 0; hasRegions && i < panels.Quantiles.Count; i++)
        {
            var depth = 1 - Math.Pow(1 - panels.Opacity, panels.Quantiles.Count - i);
            result._entries.Add(
                (string.Create(CultureInfo.InvariantCulture, $"{100 * panels.Quantiles[i]:0.#} %"),
                    (canvas, box) => Fill(canvas, box, Colors.Black, depth, Colors.Gray)));
        }

        if (panels.HasStar) result._entries.Add(("true θ", hasRegions ? DrawStar : DrawDashes));
        return result;
    }

    public void Draw(SKCanvas canvas, float left, float top)
    {
        using var font = new SKFont(FigureFont.Typeface, FigureStyle.LegendSize) { Subpixel = true };
        using var paint = new SKPaint { IsAntialias = true, Color = SKColors.Black };
        foreach (var (text, swatch) in _entries)
        {
            swatch(canvas, SKRect.Create(left, top + 3, Swatch, Line - 6));
            canvas.DrawText(text, left + Swatch + Space, top + Line / 2 + 0.36f * FigureStyle.LegendSize, SKTextAlign.Left, font, paint);
            top += Line;
        }
    }

    private static void Fill(SKCanvas canvas, SKRect box, Color fill, double opacity, Color outline)
    {
        using var paint = new SKPaint { IsAntialias = true, Color = fill.WithAlpha(opacity).ToSKColor() };
        canvas.DrawRect(box, paint);
        (paint.Style, paint.StrokeWidth, paint.Color) = (SKPaintStyle.Stroke, 0.8f, outline.ToSKColor());
        canvas.DrawRect(box, paint);
    }

    private static void DrawStar(SKCanvas canvas, SKRect box)
    {
        using var path = new SKPath();
        var corners = StarShape.Around(box.MidX, -box.MidY, 6, 6);
        path.MoveTo((float)corners[0].X, -(float)corners[0].Y);
        foreach (var corner in corners.Skip(1)) path.LineTo((float)corner.X, -(float)corner.Y);
        path.Close();
        using var paint = new SKPaint { IsAntialias = true, Color = SKColors.Black };
        canvas.DrawPath(path, paint);
    }

    private static void DrawDashes(SKCanvas canvas, SKRect box)
    {
        using var dashes = SKPathEffect.CreateDash(FigureStyle.Dashed.Intervals, 0);
        using var paint = new SKPaint { IsAntialias = true, Style = SKPaintStyle.Stroke, StrokeWidth = 1, PathEffect = dashes };
        canvas.DrawLine(box.Left, box.MidY, box.Right, box.MidY, paint);
    }
}
