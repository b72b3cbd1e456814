using System.Globalization;
using Amnre.Engine.Drawing;
using SkiaSharp;

namespace Amnre.Engine.Figures;

/// <summary>What observations tell, as maps: of each parameter on the diagonal, and of each pair, in nats.</summary>
internal static class InformationFigure
{
    /// <summary>Nats of the darkest cell, at least: what tells nothing looks like nothing.</summary>
    private const double LeastScale = 0.1;

    private const float Cell = 34, Edge = 8, Line = 13, Gap = 14;

    private static readonly SKColor Missing = new(0xE4, 0xE4, 0xE4), Most = new(0x08, 0x45, 0x94);

    /// <param name="names">Of the parameters.</param>
    /// <param name="rows">Maps beside one another, for each series; all have one scale of colours.</param>
    public static Picture Of(IReadOnlyList<string> names, IReadOnlyList<IReadOnlyList<InformationMap>> rows)
    {
        using var measure = new SKFont(FigureFont.Typeface, FigureStyle.TickSize);
        var margin = names.Max(name => measure.MeasureText(name)) + 10;
        var side = names.Count * Cell;
        List<InformationMap> maps = [.. rows.SelectMany(row => row)];
        var heading = Edge + 3 + maps.Max(map => Lines(map).Length) * Line;
        // Headings may be longer than few cells are wide.
        var step = Math.Max(margin + side, maps.SelectMany(Lines).Max(line => measure.MeasureText(line))) + Gap;
        var (width, height) = (rows.Max(row => row.Count) * step - Gap + 2 * Edge, heading + side + margin);
        // What tells most is darkest.
        var most = Math.Max(LeastScale, maps.SelectMany(map => map.Values.Cast<double?>()).Max() ?? 0);
        return new Picture(width, rows.Count * height, canvas =>
        {
            foreach (var (at, row) in rows.Index())
                foreach (var (place, map) in row.Index())
                {
                    canvas.Save();
                    canvas.Translate(place * step, at * height);
                    Draw(canvas, names, map, margin, heading, most);
                    canvas.Restore();
                }
        });
    }

    private static void Draw(SKCanvas canvas, IReadOnlyList<string> names, InformationMap map, float margin, float top, double most)
    {
        using var font = new SKFont(FigureFont.Typeface, FigureStyle.TickSize) { Subpixel = true };
        using var paint = new SKPaint { IsAntialias = true, Color = SKColors.Black };
        foreach (var (place, line) in Lines(map).Index())
            canvas.DrawText(line, Edge, Edge + 5 + place * Line, SKTextAlign.Left, font, paint);
        DrawCells(canvas, map.Values, margin, top, most);
        for (var i = 0; i < names.Count; i++)
        {
            canvas.DrawText(names[i], margin - 5, top + (i + 0.5f) * Cell + 3.6f, SKTextAlign.Right, font, paint);
            canvas.Save();
            canvas.Translate(margin + (i + 0.5f) * Cell + 3.6f, top + names.Count * Cell + 5);
            canvas.RotateDegrees(-90);
            canvas.DrawText(names[i], 0, 0, SKTextAlign.Right, font, paint);
            canvas.Restore();
        }
    }

    private static string[] Lines(InformationMap map) => map.Title.Split('\n');

    private static void DrawCells(SKCanvas canvas, double?[,] values, float left, float top, double most)
    {
        using var font = new SKFont(FigureFont.Typeface, 9) { Subpixel = true };
        using var paint = new SKPaint { IsAntialias = true };
        for (var i = 0; i < values.GetLength(0); i++)
        {
            for (var j = 0; j < values.GetLength(1); j++)
            {
                var box = SKRect.Create(left + j * Cell, top + i * Cell, Cell, Cell);
                var part = values[i, j] / most;
                paint.Color = part is { } filled ? Mix(filled) : Missing;
                canvas.DrawRect(SKRect.Inflate(box, -0.5f, -0.5f), paint);
                if (part is null) continue;
                paint.Color = part > 0.55 ? SKColors.White : SKColors.Black;
                var text = values[i, j]!.Value.ToString("0.00", CultureInfo.InvariantCulture).Replace('-', '−');
                canvas.DrawText(text, box.MidX, box.MidY + 3.2f, SKTextAlign.Center, font, paint);
            }
        }
    }

    private static SKColor Mix(double part)
    {
        byte Between(byte end) => (byte)Math.Round(255 + (end - 255) * Math.Clamp(part, 0, 1));
        return new SKColor(Between(Most.Red), Between(Most.Green), Between(Most.Blue));
    }
}
