using Amnre.Engine.Distributions;

namespace Amnre.Engine.BenchmarkTasks;

/// <summary>Where the benchmark's distractors come from: 20 locations and lower triangles, and an order, as numpy's legacy generator makes
/// them from seed 42.</summary>
internal static class DistractorTables
{
    public const int Noise = 92, Components = 20;

    private static readonly (double[] Locations, double[] Triangles) Tables = Drawn();

    /// <summary>For each observed value its place among the points (0 to 7) and the noise (8 to 99).</summary>
    public static ReadOnlySpan<byte> Source =>
    [
        87, 47, 39, 9, 25, 21, 26, 94, 41, 30, 34, 44, 12, 27, 89, 20, 6, 13, 51, 40, 54, 5, 0, 2, 75, 43, 14, 97, 29, 72, 79, 99,
        98, 1, 38, 65, 83, 52, 74, 63, 19, 70, 4, 36, 96, 81, 35, 49, 31, 76, 84, 28, 11, 66, 37, 85, 56, 60, 48, 10, 22, 82, 24,
        8, 42, 32, 73, 3, 59, 95, 90, 50, 18, 68, 45, 67, 92, 91, 17, 93, 33, 78, 88, 62, 46, 64, 57, 86, 55, 77, 7, 80, 69, 23,
        58, 71, 15, 61, 53, 16,
    ];

    /// <summary>Value <paramref name="i"/> of the noise of a component.</summary>
    /// <param name="z">Normals, all divided by the root of c/2.</param>
    public static double Value(int component, int i, ReadOnlySpan<double> z)
    {
        var row = Tables.Triangles.AsSpan(component * Noise * (Noise + 1) / 2 + i * (i + 1) / 2, i + 1);
        // Four sums, so that they run side by side.
        double a = 0, b = 0, c = 0, d = 0;
        var j = 0;
        for (; j + 4 <= row.Length; j += 4)
        {
            a = Math.FusedMultiplyAdd(row[j], z[j], a);
            b = Math.FusedMultiplyAdd(row[j + 1], z[j + 1], b);
            c = Math.FusedMultiplyAdd(row[j + 2], z[j + 2], c);
            d = Math.FusedMultiplyAdd(row[j + 3], z[j + 3], d);
        }

        for (; j < row.Length; j++) a = Math.FusedMultiplyAdd(row[j], z[j], a);
        return Tables.Locations[component * Noise + i] + ((a + b) + (c + d));
    }

    /// <summary>Location of a component.</summary>
    public static double Location(int component, int i) => Tables.Locations[component * Noise + i];

    /// <summary>Element of a component's lower triangle.</summary>
    public static double Scale(int component, int row, int column) =>
        Tables.Triangles[component * Noise * (Noise + 1) / 2 + row * (row + 1) / 2 + column];

    /// <summary>The points of SLCP within an observation.</summary>
    public static void Points(ReadOnlySpan<float> x, Span<float> points)
    {
        for (var i = 0; i < x.Length; i++)
            if (Source[i] < points.Length) points[Source[i]] = x[i];
    }

    private static (double[], double[]) Drawn()
    {
        var normals = new LegacyNormals(42);
        var (locations, triangles) = (new double[Components * Noise], new double[Components * Noise * (Noise + 1) / 2]);
        for (var i = 0; i < locations.Length; i++) locations[i] = 15 * normals.Next();
        var square = new double[Noise * Noise];
        for (var (component, place) = (0, 0); component < Components; component++)
        {
            for (var i = 0; i < square.Length; i++) square[i] = normals.Next();
            for (var i = 0; i < Noise; i++) square[i * Noise + i] += ReproducibleIntegrals.Exp(normals.Next());
            for (var i = 0; i < Noise; i++)
                for (var j = 0; j <= i; j++) triangles[place++] = 3 * square[i * Noise + j];
        }

        return (locations, triangles);
    }
}
