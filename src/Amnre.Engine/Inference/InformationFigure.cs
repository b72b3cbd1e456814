using System.Globalization;
using Amnre.Engine.Drawing;
using SkiaSharp;

namespace Amnre.Engine.Inference;

/// <summary>What one observation tells, as a map: of each parameter on the diagonal, and of each pair, in nats.</summary>
internal static class InformationFigure
{
    private const float Cell = 34, Edge = 8;

    private static readonly SKColor Missing = new(0xE4, 0xE4, 0xE4), Most = new(0x08, 0x45, 0x94);

    public static Picture Of(IReadOnlyList<MarginalSummary> marginals, IReadOnlyList<PairInformation> pairs)
    {
        string[] names = [.. marginals.Select(marginal => marginal.Name)];
        var values = new double?[names.Length, names.Length];
        for (var i = 0; i < names.Length; i++) values[i, i] = marginals[i].Information;
        foreach (var pair in pairs)
        {
            var (i, j) = (Array.IndexOf(names, pair.First), Array.IndexOf(names, pair.Second));
            values[i, j] = values[j, i] = pair.Information;
        }

        using var measure = new SKFont(FigureFont.Typeface, FigureStyle.TickSize);
        var margin = names.Max(name => measure.MeasureText(name)) + 10;
        const string Title = "information, nat";
        var (side, top) = (names.Length * Cell, Edge + 16);
        var width = Math.Max(margin + side + Edge, measure.MeasureText(Title) + 2 * Edge);
        return new Picture(width, top + side + margin, canvas =>
        {
            using var font = new SKFont(FigureFont.Typeface, FigureStyle.TickSize) { Subpixel = true };
            using var paint = new SKPaint { IsAntialias = true, Color = SKColors.Black };
            canvas.DrawText(Title, Edge, Edge + 5, SKTextAlign.Left, font, paint);
            DrawCells(canvas, values, margin, top);
            for (var i = 0; i < names.Length; i++)
            {
                canvas.DrawText(names[i], margin - 5, top + (i + 0.5f) * Cell + 3.6f, SKTextAlign.Right, font, paint);
                canvas.Save();
                canvas.Translate(margin + (i + 0.5f) * Cell + 3.6f, top + side + 5);
                canvas.RotateDegrees(-90);
                canvas.DrawText(names[i], 0, 0, SKTextAlign.Right, font, paint);
                canvas.Restore();
            }
        });
    }

    private static void DrawCells(SKCanvas canvas, double?[,] values, float left, float top)
    {
        using var font = new SKFont(FigureFont.Typeface, 9) { Subpixel = true };
        using var paint = new SKPaint { IsAntialias = true };
        // One observation's scale: what it tells most is darkest.
        var most = Math.Max(1e-9, values.Cast<double?>().Max() ?? 0);
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
                canvas.DrawText(values[i, j]!.Value.ToString("0.00", CultureInfo.InvariantCulture), box.MidX, box.MidY + 3.2f,
                    SKTextAlign.Center, font, paint);
            }
        }
    }

    private static SKColor Mix(double part)
    {
        byte Between(byte end) => (byte)Math.Round(255 + (end - 255) * Math.Clamp(part, 0, 1));
        return new SKColor(Between(Most.Red), Between(Most.Green), Between(Most.Blue));
    }
}
