using MathNet.Numerics.LinearAlgebra;

namespace Amnre.Engine.Verdicts;

/// <summary>How far an observation lies out among simulations from its posterior: by all its values together, and by the most unusual one.
/// Gelman, Meng, Stern: Posterior predictive assessment of model fitness via realized discrepancies (1996). Such p-values are cautious: the
/// posterior has seen the observation.</summary>
internal static class PredictiveTail
{
    /// <summary>Fewer simulations for each value do not tell how values vary together.</summary>
    private const int RowsPerValue = 8;

    /// <param name="observed">One observation.</param>
    /// <param name="simulated">(n, observation size), from its posterior.</param>
    /// <returns>A p-value, at least 1/(n + 1); 0 where the observation has a value that no simulation varies from.</returns>
    public static double Of(ReadOnlySpan<float> observed, float[] simulated)
    {
        var (width, rows) = (observed.Length, simulated.Length / observed.Length);
        var (mean, deviation) = (new double[width], new double[width]);
        for (var i = 0; i < simulated.Length; i++) mean[i % width] += (double)simulated[i] / rows;
        for (var i = 0; i < simulated.Length; i++) deviation[i % width] += Math.Pow(simulated[i] - mean[i % width], 2) / rows;
        var all = new double[rows + 1][];
        for (var row = 0; row <= rows; row++) all[row] = new double[width];
        int[] varying = [.. Enumerable.Range(0, width).Where(k => deviation[k] > 0)];
        for (var k = 0; k < width; k++)
        {
            if (!(deviation[k] > 0) && observed[k] != simulated[k]) return 0;
            var unit = deviation[k] > 0 ? Math.Sqrt(deviation[k]) : 1;
            for (var row = 0; row < rows; row++) all[row][k] = (simulated[row * width + k] - mean[k]) / unit;
            all[rows][k] = (observed[k] - mean[k]) / unit;
        }

        double[] together = varying.Length * RowsPerValue <= rows && Whitened(all, varying) is { } whitened
            ? whitened
            : [.. all.Select(row => row.Sum(z => z * z))];
        double[] farthest = [.. all.Select(row => row.Max(Math.Abs))];
        // Two looks, of which the less likely counts.
        return Math.Min(1, 2 * Math.Min(Tail(together), Tail(farthest)));
    }

    /// <summary>Squared distances in units of the covariance; null where it cannot be inverted.</summary>
    private static double[]? Whitened(double[][] all, int[] varying)
    {
        var simulated = Matrix<double>.Build.Dense(all.Length - 1, varying.Length, (row, k) => all[row][varying[k]]);
        var covariance = simulated.TransposeThisAndMultiply(simulated) / simulated.RowCount;
        // Values that are functions of others would make any rounding count.
        for (var k = 0; k < varying.Length; k++) covariance[k, k] += 1e-6;
        var inverse = covariance.Inverse();
        double[] squares = [.. all.Select(row =>
        {
            var z = Vector<double>.Build.Dense(varying.Length, k => row[varying[k]]);
            return z * (inverse * z);
        })];
        return squares.All(double.IsFinite) ? squares : null;
    }

    /// <summary>Part of all that are as far out as the last.</summary>
    private static double Tail(double[] distances) => distances.Count(distance => distance >= distances[^1]) / (double)distances.Length;
}
