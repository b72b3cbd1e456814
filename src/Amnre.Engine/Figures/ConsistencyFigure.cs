using System.Globalization;
using Amnre.Engine.Drawing;
using Amnre.Engine.Masks;
using Amnre.Engine.Simulators;
using Amnre.Engine.Tables;
using SkiaSharp;

namespace Amnre.Engine.Figures;

/// <summary>Heat map of consistency matrices: the mean over observations of the distances between what marginals share, in hundredths
/// of the parameters' ranges.</summary>
internal static class ConsistencyFigure
{
    private const float Cell = 21, Edge = 6, BarWidth = 12, BarSpace = 44;

    /// <summary>Where the colour scale ends, in hundredths.</summary>
    private const double Top = 5;

    private static readonly SKColor Missing = new(0xE4, 0xE4, 0xE4);

    /// <summary>ColorBrewer's Reds: light to dark in steps that look alike.</summary>
    private static readonly SKColor[] Reds =
    [
        new(0xFF, 0xF5, 0xF0), new(0xFE, 0xE0, 0xD2), new(0xFC, 0xBB, 0xA1), new(0xFC, 0x92, 0x72), new(0xFB, 0x6A, 0x4A),
        new(0xEF, 0x3B, 0x2C), new(0xCB, 0x18, 0x1D), new(0xA5, 0x0F, 0x15), new(0x67, 0x00, 0x0D),
    ];

    /// <param name="paths">Matrices, averaged by mask where they have a number.</param>
    /// <exception cref="InputException">Not such matrices.</exception>
    public static Picture Of(ISimulator simulator, IReadOnlyList<string> paths)
    {
        var masks = new List<ParameterMask>();
        var sums = new Dictionary<(ParameterMask, ParameterMask), (double Sum, int Count)>();
        foreach (var path in paths) Read(path, simulator, masks, sums);
        var labels = masks.ConvertAll(mask => MaskLabel.Of(simulator, mask));
        using var font = new SKFont(FigureFont.Typeface, FigureStyle.TickSize);
        var margin = labels.Max(label => font.MeasureText(label)) + 10;
        var side = masks.Count * Cell;
        return new Picture(margin + side + Edge + BarSpace, Edge + side + margin, canvas =>
        {
            DrawCells(canvas, masks, sums, margin);
            DrawLabels(canvas, labels, margin);
            DrawScale(canvas, margin + side + Edge + 6, side);
        });
    }

    private static void Read(
        string path, ISimulator simulator, List<ParameterMask> masks,
        Dictionary<(ParameterMask, ParameterMask), (double Sum, int Count)> sums)
    {
        var lines = CsvTable.Lines(path).Where(line => line.Length > 0).Select(line => line.Split(',')).ToArray();
        if (lines.Length < 2 || lines[0][0].Length > 0 || lines.Any(line => line.Length != lines[0].Length))
            throw new InputException($"'{path}' is no consistency matrix: expected masks as header and first column");
        var columns = lines[0].Skip(1).Select(text => MaskLabel.Parse(text, simulator, path)).ToArray();
        foreach (var mask in columns)
            if (!masks.Contains(mask)) masks.Add(mask);
        foreach (var line in lines.Skip(1))
        {
            var row = MaskLabel.Parse(line[0], simulator, path);
            for (var j = 1; j < line.Length; j++)
            {
                if (line[j].Length == 0) continue;
                if (!double.TryParse(line[j], CultureInfo.InvariantCulture, out var value))
                    throw new InputException($"matrix '{path}': '{line[j]}' is not a number");
                if (double.IsNaN(value)) continue;
                var (sum, count) = sums.GetValueOrDefault((row, columns[j - 1]));
                sums[(row, columns[j - 1])] = (sum + value, count + 1);
            }
        }
    }

    private static void DrawCells(
        SKCanvas canvas, List<ParameterMask> masks, Dictionary<(ParameterMask, ParameterMask), (double Sum, int Count)> sums, float left)
    {
        using var font = new SKFont(FigureFont.Typeface, 8) { Subpixel = true };
        using var paint = new SKPaint { IsAntialias = true };
        for (var i = 0; i < masks.Count; i++)
        {
            for (var j = 0; j < masks.Count; j++)
            {
                double? value = sums.TryGetValue((masks[i], masks[j]), out var found) ? 100 * found.Sum / found.Count : null;
                var box = SKRect.Create(left + j * Cell, Edge + i * Cell, Cell, Cell);
                paint.Color = value is { } number ? ColorOf(number) : Missing;
                canvas.DrawRect(SKRect.Inflate(box, -0.4f, -0.4f), paint);
                if (value is not { } shown) continue;
                paint.Color = shown > 0.6 * Top ? SKColors.White : SKColors.Black;
                canvas.DrawText(shown.ToString("0.0", CultureInfo.InvariantCulture), box.MidX, box.MidY + 3, SKTextAlign.Center, font,
                    paint);
            }
        }

        (paint.Style, paint.StrokeWidth, paint.Color) = (SKPaintStyle.Stroke, 0.8f, SKColors.Black);
        canvas.DrawRect(left, Edge, masks.Count * Cell, masks.Count * Cell, paint);
    }

    private static void DrawLabels(SKCanvas canvas, List<string> labels, float margin)
    {
        using var font = new SKFont(FigureFont.Typeface, FigureStyle.TickSize) { Subpixel = true };
        using var paint = new SKPaint { IsAntialias = true, Color = SKColors.Black };
        for (var i = 0; i < labels.Count; i++)
        {
            canvas.DrawText(labels[i], margin - 5, Edge + (i + 0.5f) * Cell + 3.6f, SKTextAlign.Right, font, paint);
            canvas.Save();
            canvas.Translate(margin + (i + 0.5f) * Cell + 3.6f, Edge + labels.Count * Cell + 5);
            canvas.RotateDegrees(-90);
            canvas.DrawText(labels[i], 0, 0, SKTextAlign.Right, font, paint);
            canvas.Restore();
        }
    }

    private static void DrawScale(SKCanvas canvas, float left, float side)
    {
        using var font = new SKFont(FigureFont.Typeface, 8) { Subpixel = true };
        using var paint = new SKPaint { IsAntialias = true };
        var height = Math.Min(side, 140);
        var top = Edge + 14;
        const int Steps = 100;
        height = Math.Max(height - 14, 40);
        for (var i = 0; i < Steps; i++)
        {
            paint.Color = ColorOf(Top * (1 - (i + 0.5) / Steps));
            canvas.DrawRect(left, top + i * height / Steps, BarWidth, height / Steps + 0.5f, paint);
        }

        paint.Color = SKColors.Black;
        canvas.DrawText("×10⁻²", left - 2, Edge + 7, SKTextAlign.Left, font, paint);
        for (var tick = 0; tick <= Top; tick++)
            canvas.DrawText($"{tick}", left + BarWidth + 4, top + (float)(1 - tick / Top) * height + 3, SKTextAlign.Left, font, paint);
        (paint.Style, paint.StrokeWidth) = (SKPaintStyle.Stroke, 0.8f);
        canvas.DrawRect(left, top, BarWidth, height, paint);
    }

    private static SKColor ColorOf(double value)
    {
        var place = Math.Clamp(value / Top, 0, 1) * (Reds.Length - 1);
        var step = Math.Min((int)place, Reds.Length - 2);
        byte Mix(byte a, byte b) => (byte)Math.Round(a + (b - a) * (place - step));
        var (low, high) = (Reds[step], Reds[step + 1]);
        return new SKColor(Mix(low.Red, high.Red), Mix(low.Green, high.Green), Mix(low.Blue, high.Blue));
    }
}
