namespace Amnre.Engine.Draws;

/// <summary>Ranks of true parameters among draws of their estimated posteriors: uniform on 0..L for each parameter if the estimate is
/// right. Talts et al., Validating Bayesian inference algorithms with simulation-based calibration (2018).</summary>
internal static class RankCalibration
{
    /// <param name="theta">True parameters (n, D).</param>
    /// <param name="draws">For each row L draws, (n, L, D).</param>
    /// <param name="size">D.</param>
    /// <returns>(n, D): how many of the row's draws are below the truth.</returns>
    public static int[,] Ranks(ReadOnlySpan<float> theta, ReadOnlySpan<float> draws, int size)
    {
        var rows = theta.Length / size;
        var count = draws.Length / theta.Length;
        ArgumentOutOfRangeException.ThrowIfNotEqual(draws.Length, rows * count * size, nameof(draws));
        var ranks = new int[rows, size];
        for (var row = 0; row < rows; row++)
            for (var draw = 0; draw < count; draw++)
                for (var d = 0; d < size; d++)
                    if (draws[(row * count + draw) * size + d] < theta[row * size + d]) ranks[row, d]++;
        return ranks;
    }

    /// <summary>Pearson's statistic of a parameter's ranks over equal bins, less its expectation, in units of its standard deviation: of
    /// order 1 when the ranks are uniform.</summary>
    /// <param name="ranks">Of <see cref="Ranks"/>.</param>
    /// <param name="parameter">Which.</param>
    /// <param name="draws">L.</param>
    /// <param name="bins">A divisor of L + 1.</param>
    public static double Excess(int[,] ranks, int parameter, int draws, int bins)
    {
        if ((draws + 1) % bins != 0) throw new ArgumentException($"{bins} bins do not divide the {draws + 1} ranks", nameof(bins));
        var counts = new int[bins];
        for (var row = 0; row < ranks.GetLength(0); row++) counts[ranks[row, parameter] / ((draws + 1) / bins)]++;
        var expected = (double)ranks.GetLength(0) / bins;
        return (counts.Sum(count => (count - expected) * (count - expected) / expected) - (bins - 1)) / Math.Sqrt(2.0 * (bins - 1));
    }
}
