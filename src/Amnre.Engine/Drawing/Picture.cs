using System.Text;
using System.Text.RegularExpressions;
using SkiaSharp;

namespace Amnre.Engine.Drawing;

/// <summary>A figure before it has a format. Sizes are in points; the same drawing goes to PNG, PDF and SVG, and the same
/// picture gives the same bytes at any time.</summary>
/// <param name="Width">In points.</param>
/// <param name="Height">In points.</param>
/// <param name="Draw">Draws on a white canvas of that size.</param>
internal sealed partial record Picture(float Width, float Height, Action<SKCanvas> Draw)
{
    private const int PixelWidth = 1800;

    /// <summary>The formats, by the endings of their files.</summary>
    public static IReadOnlyList<string> Formats { get; } = [".png", ".pdf", ".svg"];

    /// <summary>The least width of a title's lines, in points.</summary>
    private const float TitleWidth = 240;

    /// <summary>The same below a text, in as many lines as its width takes.</summary>
    /// <param name="title">Empty for none.</param>
    public Picture Titled(string title)
    {
        if (title.Length == 0) return this;
        using var font = new SKFont(FigureFont.Typeface, FigureStyle.LabelSize);
        var lines = Lines(title, font, Math.Max(Width, TitleWidth) - font.Size);
        var room = (lines.Count + 1) * 1.2f * font.Size - 0.4f * font.Size;
        return new Picture(Math.Max(Width, lines.Max(line => font.MeasureText(line)) + font.Size), Height + room, canvas =>
        {
            using var own = new SKFont(FigureFont.Typeface, FigureStyle.LabelSize);
            using var ink = new SKPaint { Color = SKColors.Black, IsAntialias = true };
            foreach (var (place, line) in lines.Index())
                canvas.DrawText(line, own.Size / 2, (1.4f + 1.2f * place) * own.Size, own, ink);
            canvas.Save();
            canvas.Translate(0, room);
            Draw(canvas);
            canvas.Restore();
        });
    }

    private static List<string> Lines(string text, SKFont font, float width)
    {
        var lines = new List<string> { "" };
        foreach (var word in text.Split(' '))
        {
            var longer = lines[^1].Length == 0 ? word : $"{lines[^1]} {word}";
            if (lines[^1].Length == 0 || font.MeasureText(longer) <= width) lines[^1] = longer;
            else lines.Add(word);
        }

        return lines;
    }

    /// <summary>Writes <c>path.png</c>, <c>path.pdf</c> and <c>path.svg</c>.</summary>
    public void Save(string path)
    {
        foreach (var format in Formats) Save(path, format);
    }

    /// <summary>Writes <paramref name="path"/> followed by <paramref name="format"/>, one of <see cref="Formats"/>.</summary>
    public void Save(string path, string format) => AtomicFile.Write(path + format, format switch
    {
        ".png" => SavePng,
        ".pdf" => SavePdf,
        ".svg" => SaveSvg,
        _ => throw new ArgumentException($"format '{format}' is not known", nameof(format)),
    });

    private void SavePng(Stream stream)
    {
        var scale = PixelWidth / Width;
        using var surface = SKSurface.Create(
            new SKImageInfo(PixelWidth, (int)MathF.Round(Height * scale), SKColorType.Rgba8888, SKAlphaType.Opaque));
        surface.Canvas.Clear(SKColors.White);
        surface.Canvas.Scale(scale);
        Draw(surface.Canvas);
        using var image = surface.Snapshot();
        using var data = image.Encode(SKEncodedImageFormat.Png, 100);
        data.SaveTo(stream);
    }

    private void SavePdf(Stream stream)
    {
        using var buffer = new MemoryStream();

        // No dates: the file would differ from one drawing to the next.
        using (var document = SKDocument.CreatePdf(buffer, new SKDocumentPdfMetadata { Creation = null, Modified = null }))
        {
            Draw(document.BeginPage(Width, Height));
            document.EndPage();
            document.Close();
        }

        buffer.WriteTo(stream);
    }

    private void SaveSvg(Stream stream)
    {
        using var buffer = new MemoryStream();
        using (var canvas = SKSvgCanvas.Create(SKRect.Create(Width, Height), buffer))
        using (var white = new SKPaint { Color = SKColors.White })
        {
            canvas.DrawRect(0, 0, Width, Height, white);
            Draw(canvas);
        }

        stream.Write(Encoding.UTF8.GetBytes(Settled(Encoding.UTF8.GetString(buffer.ToArray()))));
    }

    /// <summary>Names clip paths by their order: Skia counts them over the life of the process. Adds fonts to fall back to.</summary>
    private static string Settled(string svg)
    {
        var names = new Dictionary<string, string>();
        return ClipName().Replace(svg, match =>
        {
            if (!names.TryGetValue(match.Value, out var name)) names[match.Value] = name = $"clip{names.Count + 1}";
            return name;
        }).Replace($"font-family=\"{FigureFont.Name}\"", $"font-family=\"{FigureFont.Name}, Verdana, sans-serif\"");
    }

    [GeneratedRegex("\\bcl_[0-9a-f]+\\b")]
    private static partial Regex ClipName();
}
