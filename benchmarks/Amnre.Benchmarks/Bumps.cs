namespace Amnre.Benchmarks;

/// <summary>Two broad normalised bumps on a grid of the unit square, between which a distance is taken.</summary>
internal static class Bumps
{
    public const int Bins = 100;

    public static readonly float[] First = Bump(40, 50, 12), Second = Bump(55, 45, 16);

    private static float[] Bump(double x, double y, double width)
    {
        var values = new double[Bins * Bins];
        for (var i = 0; i < values.Length; i++)
            values[i] = Math.Exp(-(Math.Pow(i / Bins - x, 2) + Math.Pow(i % Bins - y, 2)) / (2 * width * width));
        var sum = values.Sum();
        return Array.ConvertAll(values, value => (float)(value / sum));
    }
}
