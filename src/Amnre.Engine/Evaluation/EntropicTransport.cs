namespace Amnre.Engine.Evaluation;

/// <summary>Earth mover's distance with entropic regularisation between two histograms on the same grid of the unit cube:
/// the plan T = diag(u) K diag(v), K = exp(−γM), M the Euclidean distances, and the distance Σ T·M. Cuturi, Sinkhorn distances
/// (2013), with γ = 100 and the stopping rule of the original program. Biased upwards: the distance of a histogram to itself
/// is not quite 0 where cells are closer than 1/γ.</summary>
/// <remarks>Only the bounding box of the two supports takes part. Double precision keeps exp(−100·√k) far from 0.</remarks>
internal static class EntropicTransport
{
    private const double Gamma = 100;
    private const int MostIterations = 1000;
    private const int CheckEvery = 100;
    private const double Tolerance = 1e-8;

    /// <summary>The smallest cells of at most this total are left out: they cannot move the distance by more.</summary>
    private const double Negligible = 1e-7;

    /// <summary>Distance between histograms of <paramref name="dimensions"/> dimensions with equally many cells in each.</summary>
    public static double Distance(ReadOnlySpan<float> p, ReadOnlySpan<float> q, int dimensions, int bins) =>
        Distance(p, q, [.. Enumerable.Repeat(bins, dimensions)]);

    /// <param name="p">Masses of sum 1, row-major.</param>
    /// <param name="q">Likewise.</param>
    /// <param name="bins">Cells per dimension; distances are in units of each dimension's range.</param>
    public static double Distance(ReadOnlySpan<float> p, ReadOnlySpan<float> q, IReadOnlyList<int> bins)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(p.Length, bins.Aggregate(1, (a, b) => a * b), nameof(p));
        ArgumentOutOfRangeException.ThrowIfNotEqual(q.Length, p.Length, nameof(q));
        var (row, column) = (Considerable(p), Considerable(q));
        var box = SupportBox.Of(bins, row, column);
        return Distance(box.Cut(row), box.Cut(column), box.Lengths, bins);
    }

    private static double Distance(double[] row, double[] column, int[] lengths, IReadOnlyList<int> bins)
    {
        var kernel = new GridConvolution(lengths, difference => Math.Exp(-Gamma * Length(difference, bins)));
        var u = new double[row.Length];
        var v = new double[row.Length];
        var product = new double[row.Length];
        Array.Fill(u, 1.0 / row.Length);
        for (var iteration = 0; iteration < MostIterations; iteration++)
        {
            kernel.Apply(u, product);
            Quotient(column, product, v);
            kernel.Apply(v, product);
            Quotient(row, product, u);
            if (iteration % CheckEvery != 0) continue;
            kernel.Apply(u, product);
            var squares = 0.0;
            for (var i = 0; i < product.Length; i++)
                squares += (v[i] * product[i] - column[i]) * (v[i] * product[i] - column[i]);
            if (Math.Sqrt(squares) < Tolerance) break;
        }

        var moment = new GridConvolution(lengths, difference =>
        {
            var length = Length(difference, bins);
            return length * Math.Exp(-Gamma * length);
        });
        moment.Apply(v, product);
        var distance = 0.0;
        for (var i = 0; i < product.Length; i++) distance += u[i] * product[i];
        return distance;
    }

    private static double Length(ReadOnlySpan<int> difference, IReadOnlyList<int> bins)
    {
        var squares = 0.0;
        for (var k = 0; k < difference.Length; k++)
            squares += (double)difference[k] / bins[k] * difference[k] / bins[k];
        return Math.Sqrt(squares);
    }

    private static void Quotient(double[] numerator, double[] denominator, double[] result)
    {
        for (var i = 0; i < result.Length; i++)
            result[i] = numerator[i] == 0 ? 0 : numerator[i] / denominator[i];
    }

    /// <summary>The masses without the negligible ones, of sum 1.</summary>
    private static double[] Considerable(ReadOnlySpan<float> masses)
    {
        var sorted = masses.ToArray();
        Array.Sort(sorted);
        var (dropped, threshold) = (0.0, 0f);
        foreach (var mass in sorted)
        {
            dropped += mass;
            if (dropped > Negligible) break;
            threshold = mass;
        }

        var kept = new double[masses.Length];
        var sum = 0.0;
        for (var i = 0; i < kept.Length; i++)
            if (masses[i] > threshold) sum += kept[i] = masses[i];
        for (var i = 0; i < kept.Length; i++) kept[i] /= sum;
        return kept;
    }
}
