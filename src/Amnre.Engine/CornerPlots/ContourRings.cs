namespace Amnre.Engine.CornerPlots;

/// <summary>Closed curves around the region where a function on a grid is at least some level (marching squares, linear
/// between cell centres). Cells on the border count up to the border, and the curves close along it.</summary>
internal static class ContourRings
{
    /// <param name="values">(n, n), row-major; the first index is x.</param>
    /// <param name="n"></param>
    /// <param name="level">The level, above 0.</param>
    /// <returns>Rings of points in [0, 1]²; holes are rings too.</returns>
    public static IReadOnlyList<(double X, double Y)[]> Of(float[] values, int n, double level)
    {
        // Nodes 0 and n+3 lie outside with value 0, 1 and n+2 on the border with the value of the cell beside it.
        var size = n + 4;
        double Value(int i, int j) => i == 0 || j == 0 || i == size - 1 || j == size - 1
            ? 0
            : values[Math.Clamp(i - 2, 0, n - 1) * n + Math.Clamp(j - 2, 0, n - 1)];
        double Place(int i) => Math.Clamp((i - 1.5) / n, 0, 1);
        bool Inside(int i, int j) => Value(i, j) >= level;

        // An edge is named by its lower node and its direction. Going around a square, the curve leaves the region where an
        // inner corner is followed by an outer one, and enters it where the order is reversed; it runs from leaving to
        // entering, with the region on its left. Of four crossings the neighbours join when the middle is inside.
        var next = new Dictionary<(int I, int J, bool AlongX), (int I, int J, bool AlongX)>();
        var crossings = new List<((int I, int J, bool AlongX) Edge, bool Leaves)>();
        for (var i = 0; i < size - 1; i++)
        {
            for (var j = 0; j < size - 1; j++)
            {
                bool a = Inside(i, j), b = Inside(i + 1, j), c = Inside(i + 1, j + 1), d = Inside(i, j + 1);
                crossings.Clear();
                if (a != b) crossings.Add(((i, j, true), a));
                if (b != c) crossings.Add(((i + 1, j, false), b));
                if (c != d) crossings.Add(((i, j + 1, true), c));
                if (d != a) crossings.Add(((i, j, false), d));
                var joined = Value(i, j) + Value(i + 1, j) + Value(i + 1, j + 1) + Value(i, j + 1) >= 4 * level;
                for (var k = 0; k < crossings.Count; k++)
                    if (crossings[k].Leaves)
                        next[crossings[k].Edge] = crossings[(k + (joined ? 1 : crossings.Count - 1)) % crossings.Count].Edge;
            }
        }

        (double, double) Point((int I, int J, bool AlongX) edge)
        {
            var (i, j) = (edge.I + (edge.AlongX ? 1 : 0), edge.J + (edge.AlongX ? 0 : 1));
            double first = Value(edge.I, edge.J), second = Value(i, j);
            var t = (level - first) / (second - first);
            return (Place(edge.I) + t * (Place(i) - Place(edge.I)), Place(edge.J) + t * (Place(j) - Place(edge.J)));
        }

        var rings = new List<(double, double)[]>();
        while (next.Count > 0)
        {
            var ring = new List<(double, double)>();
            var edge = next.Keys.First();
            while (next.Remove(edge, out var following))
            {
                ring.Add(Point(edge));
                edge = following;
            }

            rings.Add([.. ring]);
        }

        return rings;
    }
}
