using ScottPlot;

namespace Amnre.Engine.CornerPlots;

/// <summary>A five-pointed star, which marks the true parameters.</summary>
internal static class StarShape
{
    /// <summary>Corners of a star of these radii, one point up.</summary>
    public static Coordinates[] Around(double x, double y, double radiusX, double radiusY) =>
        [.. Enumerable.Range(0, 10).Select(i =>
        {
            // The inner corners of a pentagram lie at (3−√5)/2 of the radius.
            var length = i % 2 == 0 ? 1 : (3 - Math.Sqrt(5)) / 2;
            var (sin, cos) = Math.SinCos(i * Math.PI / 5);
            return new Coordinates(x + length * radiusX * sin, y + length * radiusY * cos);
        })];
}
