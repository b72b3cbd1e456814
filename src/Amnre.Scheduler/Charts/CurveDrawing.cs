using System.Globalization;
using Amnre.Scheduler.Markup;

namespace Amnre.Scheduler.Charts;

/// <summary>A curve of a chart.</summary>
/// <param name="Key">Stable, so that a refresh changes the line instead of redrawing it.</param>
/// <param name="Colour">From 0; names a class of the style sheet.</param>
/// <param name="Dashed">Tells training from validation without colour, as in the figures.</param>
internal sealed record Curve(string Key, string Title, int Colour, bool Dashed, IReadOnlyList<Point> Points);

/// <summary>Several curves over one another as SVG.</summary>
internal static class CurveDrawing
{
    public const int Colours = 8;
    private const double Width = 1100, Height = 420, Left = 64, Right = 14, Top = 12, Bottom = 44;

    /// <param name="curves">At least one with a finite point, or the chart is empty.</param>
    /// <param name="log">Logarithmic y.</param>
    /// <param name="x">Name of the x axis.</param>
    /// <param name="y">Name of the y axis.</param>
    public static Html Draw(IReadOnlyList<Curve> curves, bool log, string x, string y)
    {
        var across = Axis.Of(curves.SelectMany(curve => curve.Points).Select(point => point.X));
        var up = Axis.Of(curves.SelectMany(curve => curve.Points).Select(point => point.Y), log);
        return Html.Of(
            $"""
            <svg class="chart" viewBox="0 0 {Width} {Height}" role="img" aria-label="{y} against {x}: {string.Join(", ", curves.Select(curve => curve.Title))}" data-key="chart">
            {up.Ticks.Select(tick => Html.Of($"""<g data-key="y{tick:R}"><line class="grid" x1="{Left}" x2="{Width - Right}" y1="{Y(up, tick):0.#}" y2="{Y(up, tick):0.#}"/><text class="tick" x="{Left - 8}" y="{Y(up, tick) + 4:0.#}" text-anchor="end">{Wording.Tick(tick)}</text></g>"""))}
            {across.Ticks.Select(tick => Html.Of($"""<g data-key="x{tick:R}"><line class="grid" x1="{X(across, tick):0.#}" x2="{X(across, tick):0.#}" y1="{Top}" y2="{Height - Bottom}"/><text class="tick" x="{X(across, tick):0.#}" y="{Height - Bottom + 18}" text-anchor="middle">{Wording.Tick(tick)}</text></g>"""))}
            <text class="axis" x="{(Left + Width - Right) / 2}" y="{Height - 6}" text-anchor="middle">{x}</text>
            <text class="axis" transform="rotate(-90)" x="{-(Top + Height - Bottom) / 2}" y="14" text-anchor="middle">{y}{(up.Log ? " (log)" : "")}</text>
            {curves.Select(curve => Html.Of($"""<path data-key="c{curve.Key}" class="curve c{curve.Colour % Colours}{(curve.Dashed ? " dashed" : "")}" d="{Path(curve.Points, across, up)}"><title>{curve.Title}</title></path>"""))}
            </svg>
            """);
    }

    /// <summary>The path of a curve; what has no place is a gap, and a point alone between gaps a dot.</summary>
    internal static string Path(IReadOnlyList<Point> points, Axis across, Axis up)
    {
        var text = new System.Text.StringBuilder();
        var pen = false;
        for (var i = 0; i < points.Count; i++)
        {
            var (x, y) = (X(across, points[i].X), Y(up, points[i].Y));
            if (!double.IsFinite(x) || !double.IsFinite(y))
            {
                pen = false;
                continue;
            }

            text.Append(CultureInfo.InvariantCulture, $"{(pen ? 'L' : 'M')}{x:0.#} {y:0.#}");
            if (!pen && (i + 1 == points.Count || !double.IsFinite(Y(up, points[i + 1].Y)))) text.Append("h.01");
            pen = true;
        }

        return text.ToString();
    }

    private static double X(Axis axis, double value) => Left + (axis.At(value) * (Width - Left - Right));

    private static double Y(Axis axis, double value) => Height - Bottom - (axis.At(value) * (Height - Top - Bottom));
}
