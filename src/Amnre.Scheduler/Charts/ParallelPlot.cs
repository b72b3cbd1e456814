namespace Amnre.Scheduler.Charts;

/// <summary>Where the runs are in a drawing of parallel coordinates. Pure.</summary>
/// <param name="axes">Two or more, of equal length.</param>
internal sealed class ParallelPlot(IReadOnlyList<ParallelAxis> axes)
{
    public const double Width = 1100, Height = 440, Top = 44, Bottom = 22;

    private const double Left = 60, Right = 90;
    private const int Shades = 5;

    private readonly List<ParallelScale> _scales = [.. axes.Select(ParallelScale.Of)];

    /// <summary>Of each axis.</summary>
    public IReadOnlyList<ParallelScale> Scales => _scales;

    public static double Y(double at) => Height - Bottom - (at * (Height - Top - Bottom));

    public double X(int axis) => Left + (axis * (Width - Left - Right) / (axes.Count - 1));

    /// <summary>A run's line past the axes on which it has no value; null where fewer than two are left.</summary>
    public string? Line(int run)
    {
        var points = Enumerable.Range(0, axes.Count)
            .Select(axis => (X: X(axis), Y: Y(_scales[axis].At(axes[axis].Values[run]))))
            .Where(point => double.IsFinite(point.Y)).ToList();
        return points.Count < 2 ? null : string.Join(' ', points.Select(point => $"{point.X:0.#},{point.Y:0.#}"));
    }

    /// <summary>Class of the style sheet, from light to dark as the last axis grows.</summary>
    public string Shade(int run) => _scales[^1].At(axes[^1].Values[run]) is var last && double.IsFinite(last)
        ? $"shade{Math.Min((int)(last * Shades), Shades - 1)}"
        : "shadeless";

    public string Words(int run) => string.Join(", ", axes.Select(axis => $"{axis.Title} {ParallelScale.Words(axis.Values[run])}"));
}
