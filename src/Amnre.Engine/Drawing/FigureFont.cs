using ScottPlot;
using SkiaSharp;

namespace Amnre.Engine.Drawing;

/// <summary>The font of all figures, carried in this assembly: it has Greek letters and subscript digits, and pictures come
/// out the same on machines with other fonts or none.</summary>
internal sealed class FigureFont : IFontResolver
{
    public const string Name = "DejaVu Sans";

    private const string Resource = "DejaVuSans.ttf";

    private FigureFont()
    {
    }

    public static SKTypeface Typeface { get; } = Load();

    /// <summary>Makes ScottPlot take the font from here. Its list of resolvers belongs to the process; doing this twice is
    /// harmless.</summary>
    public static void Register()
    {
        lock (Fonts.FontResolvers)
        {
            if (Fonts.FontResolvers.Any(resolver => resolver is FigureFont)) return;
            Fonts.FontResolvers.Insert(0, new FigureFont());
            Fonts.Default = Name;
        }
    }

    public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing width) =>
        fontName == Name ? Typeface : null;

    public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) => fontName == Name ? Typeface : null;

    private static SKTypeface Load() =>
        SKTypeface.FromStream(typeof(FigureFont).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"resource {Resource} is missing"));
}
