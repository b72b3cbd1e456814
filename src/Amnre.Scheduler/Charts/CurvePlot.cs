using System.Globalization;

namespace Amnre.Scheduler.Charts;

/// <summary>Where the points of curves are in their drawing. Pure.</summary>
internal sealed class CurvePlot(Axis across, Axis up)
{
    public const double Width = 1100, Height = 420, Left = 64, Right = 14, Top = 12, Bottom = 44;

    private const int Colours = 8;

    public Axis Across => across;

    public Axis Up => up;

    /// <param name="curves">Without a finite point the axes go from 0 to 1.</param>
    /// <param name="log">Logarithmic y, where values allow it.</param>
    public static CurvePlot Of(IReadOnlyList<Curve> curves, bool log) => new(
        Axis.Of(curves.SelectMany(curve => curve.Points).Select(point => point.X)),
        Axis.Of(curves.SelectMany(curve => curve.Points).Select(point => point.Y), log));

    /// <summary>Class of the style sheet.</summary>
    public static string Class(int colour) => $"c{colour % Colours}";

    public double X(double value) => Left + (across.At(value) * (Width - Left - Right));

    public double Y(double value) => Height - Bottom - (up.At(value) * (Height - Top - Bottom));

    /// <summary>The path of a curve; what has no place is a gap, and a point alone between gaps a dot.</summary>
    public string Path(IReadOnlyList<Point> points)
    {
        var text = new System.Text.StringBuilder();
        var pen = false;
        for (var i = 0; i < points.Count; i++)
        {
            var (x, y) = (X(points[i].X), Y(points[i].Y));
            if (!double.IsFinite(x) || !double.IsFinite(y))
            {
                pen = false;
                continue;
            }

            text.Append(CultureInfo.InvariantCulture, $"{(pen ? 'L' : 'M')}{x:0.#} {y:0.#}");
            if (!pen && (i + 1 == points.Count || !double.IsFinite(Y(points[i + 1].Y)))) text.Append("h.01");
            pen = true;
        }

        return text.ToString();
    }
}
