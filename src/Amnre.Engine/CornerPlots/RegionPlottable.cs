using ScottPlot;
using SkiaSharp;

namespace Amnre.Engine.CornerPlots;

/// <summary>An area bounded by closed rings, holes left open, with an outline.</summary>
internal sealed class RegionPlottable(IReadOnlyList<Coordinates[]> rings, Color fill, Color outline, float lineWidth) : IPlottable
{
    public bool IsVisible { get; set; } = true;

    public IAxes Axes { get; set; } = new Axes();

    public IEnumerable<LegendItem> LegendItems => [];

    public AxisLimits GetAxisLimits() => AxisLimits.NoLimits;

    public void Render(RenderPack rp)
    {
        using var path = new SKPath { FillType = SKPathFillType.EvenOdd };
        foreach (var ring in rings) Add(path, ring);
        using var paint = new SKPaint { IsAntialias = true, Style = SKPaintStyle.Fill, Color = fill.ToSKColor() };
        rp.Canvas.DrawPath(path, paint);
        paint.Style = SKPaintStyle.Stroke;
        paint.StrokeWidth = lineWidth;
        paint.StrokeJoin = SKStrokeJoin.Round;
        paint.Color = outline.ToSKColor();
        rp.Canvas.DrawPath(path, paint);
    }

    /// <summary>Leaves out points too near the one before to show: they would only grow the file.</summary>
    private void Add(SKPath path, Coordinates[] ring)
    {
        const float Visible = 0.6f;
        var last = Axes.GetPixel(ring[0]);
        path.MoveTo(last.X, last.Y);
        foreach (var corner in ring)
        {
            var pixel = Axes.GetPixel(corner);
            if (ring.Length > 16 && Math.Abs(pixel.X - last.X) + Math.Abs(pixel.Y - last.Y) < Visible) continue;
            path.LineTo(pixel.X, pixel.Y);
            last = pixel;
        }

        path.Close();
    }
}
