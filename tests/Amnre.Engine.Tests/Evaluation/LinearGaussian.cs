using Amnre.Engine.Randomness;

namespace Amnre.Engine.Tests.Evaluation;

/// <summary>theta ~ N(0, I₂), x = Aθ + ½ z: the posterior is normal, with covariance S = (I + 4AᵀA)⁻¹ and mean 4 S Aᵀ x.</summary>
internal static class LinearGaussian
{
    public const int Size = 2;

    private const double Precision = 4;

    private static readonly double[,] A = { { 1, 0.6 }, { -0.3, 0.8 } };

    /// <summary>True parameters (n, 2), and for each row draws (n, count, 2) of its posterior with deviations multiplied by
    /// <paramref name="scale"/>, and one minus the credibility of the region that holds the truth.</summary>
    public static (float[] Theta, float[] Draws, double[] Percentiles) Draw(int rows, int count, double scale = 1)
    {
        // I + 4AᵀA and its inverse.
        double p00 = 1 + Precision * (A[0, 0] * A[0, 0] + A[1, 0] * A[1, 0]), p11 = 1 + Precision * (A[0, 1] * A[0, 1] + A[1, 1] * A[1, 1]);
        var p01 = Precision * (A[0, 0] * A[0, 1] + A[1, 0] * A[1, 1]);
        var determinant = p00 * p11 - p01 * p01;
        double s00 = p11 / determinant, s11 = p00 / determinant, s01 = -p01 / determinant;
        double l00 = Math.Sqrt(s00), l10 = s01 / l00, l11 = Math.Sqrt(s11 - l10 * l10);

        var (theta, draws, percentiles) = (new float[rows * Size], new float[rows * count * Size], new double[rows]);
        for (var row = 0; row < rows; row++)
        {
            var random = new CounterRandom(7, RandomPurpose.Rows, (ulong)row);
            double a = random.NextNormal(), b = random.NextNormal();
            double x0 = A[0, 0] * a + A[0, 1] * b + random.NextNormal() / 2, x1 = A[1, 0] * a + A[1, 1] * b + random.NextNormal() / 2;
            double g0 = Precision * (A[0, 0] * x0 + A[1, 0] * x1), g1 = Precision * (A[0, 1] * x0 + A[1, 1] * x1);
            double m0 = s00 * g0 + s01 * g1, m1 = s01 * g0 + s11 * g1;
            (theta[2 * row], theta[2 * row + 1]) = ((float)a, (float)b);
            for (var draw = 0; draw < count; draw++)
            {
                double z0 = scale * random.NextNormal(), z1 = scale * random.NextNormal();
                draws[(row * count + draw) * 2] = (float)(m0 + l00 * z0);
                draws[(row * count + draw) * 2 + 1] = (float)(m1 + l10 * z0 + l11 * z1);
            }

            // In two dimensions P(distance² > d) = exp(−d/2).
            double d0 = a - m0, d1 = b - m1;
            percentiles[row] = Math.Exp(-0.5 * (p00 * d0 * d0 + 2 * p01 * d0 * d1 + p11 * d1 * d1) / (scale * scale));
        }

        return (theta, draws, percentiles);
    }
}
