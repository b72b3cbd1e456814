using MathNet.Numerics.LinearAlgebra;

namespace Amnre.Engine.Verdicts;

/// <summary>What a regression of θ on x, which knows nothing of the model, expects θ to be. Distances to it tell a posterior that ignores
/// its observation from a right one; distances to random points do not. Each half of the rows is predicted from the other, so that the
/// points are independent of the truth given x.</summary>
/// <remarks>Ridge regression with a quadratic kernel; how well it predicts decides the power of the test, never its validity.</remarks>
internal static class RegressedPoints
{
    /// <summary>Of the kernel's mean diagonal.</summary>
    private const double Ridge = 0.02;

    /// <param name="theta">(n, D).</param>
    /// <param name="x">(n, observation size).</param>
    /// <param name="rows">n.</param>
    /// <returns>(n, D).</returns>
    public static float[] Of(float[] theta, float[] x, int rows)
    {
        var (size, width) = (theta.Length / rows, x.Length / rows);
        var (t, o) = (Columns(theta, rows, size), Columns(x, rows, width));
        var (points, mean, deviation) = (new float[theta.Length], Moments(theta, rows, size).Mean, Moments(theta, rows, size).Deviation);
        for (var half = 0; half < 2; half++)
        {
            int[] known = [.. Enumerable.Range(0, rows).Where(row => row % 2 != half)];
            int[] asked = [.. Enumerable.Range(0, rows).Where(row => row % 2 == half)];
            var kernel = Matrix<double>.Build.Dense(known.Length, known.Length, (i, j) => Kernel(o, known[i], known[j], width));
            var level = Ridge * kernel.Diagonal().Average();
            for (var i = 0; i < known.Length; i++) kernel[i, i] += level;
            var weights = kernel.Cholesky().Solve(Matrix<double>.Build.Dense(known.Length, size, (i, d) => t[known[i] * size + d]));
            foreach (var row in asked)
            {
                var near = Vector<double>.Build.Dense(known.Length, i => Kernel(o, row, known[i], width));
                var found = weights.TransposeThisAndMultiply(near);
                for (var d = 0; d < size; d++) points[row * size + d] = (float)(mean[d] + deviation[d] * found[d]);
            }
        }

        return points;
    }

    private static double Kernel(double[] x, int a, int b, int width)
    {
        var product = 0.0;
        for (var k = 0; k < width; k++) product += x[a * width + k] * x[b * width + k];
        return Math.Pow(1 + product / width, 2);
    }

    private static double[] Columns(float[] values, int rows, int width)
    {
        var (mean, deviation) = Moments(values, rows, width);
        return [.. values.Select((value, i) => Math.Clamp((value - mean[i % width]) / deviation[i % width], -10, 10))];
    }

    private static (double[] Mean, double[] Deviation) Moments(float[] values, int rows, int width)
    {
        var (mean, squares) = (new double[width], new double[width]);
        for (var i = 0; i < values.Length; i++) mean[i % width] += (double)values[i] / rows;
        for (var i = 0; i < values.Length; i++) squares[i % width] += Math.Pow(values[i] - mean[i % width], 2) / rows;
        return (mean, [.. squares.Select(square => square > 0 ? Math.Sqrt(square) : 1)]);
    }
}
