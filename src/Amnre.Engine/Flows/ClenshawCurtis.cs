namespace Amnre.Engine.Flows;

/// <summary>∫_{−1}^{1} g ≈ Σ_j w_j g(t_j) over the N + 1 points t_j = cos(jπ/N). Clenshaw and Curtis, A method for numerical
/// integration on an automatic computer (1960).</summary>
/// <remarks>The weights are those that trained monotonic networks were made with: for even N the last cosine enters whole, not
/// halved, which keeps the rule exact up to degree N − 1 and changes it by O(1/N²) of the N-th Chebyshev coefficient.</remarks>
internal sealed class ClenshawCurtis
{
    /// <param name="steps">N, at least 2.</param>
    public ClenshawCurtis(int steps)
    {
        (Points, Weights) = (new double[steps + 1], new double[steps + 1]);
        for (var j = 0; j <= steps; j++)
        {
            Points[j] = Math.Cos(j * Math.PI / steps);
            var sum = 1.0;
            for (var k = 2; k <= steps; k += 2) sum += 2 * Math.Cos(j * k * Math.PI / steps) / (1 - k * k);
            Weights[j] = sum * (j == 0 || j == steps ? 1.0 : 2.0) / steps;
        }
    }

    public double[] Points { get; }

    public double[] Weights { get; }
}
