namespace Amnre.Engine.MassTransport;

/// <summary>Earth mover's distance with entropic regularisation between two histograms on the same grid of the unit cube:
/// the plan T = diag(u) K diag(v), K = exp(−γM), M the Euclidean distances, and the distance Σ T·M. Cuturi, Sinkhorn distances
/// (2013), with γ = 100 as in the original program. Biased upwards: the distance of a histogram to itself is not quite 0 where
/// cells are closer than 1/γ.</summary>
/// <remarks>Double precision keeps exp(−100·√k) far from 0. Up to <see cref="PlainCells"/> cells this is the original to the iteration:
/// from u = 1/n, at most 1000 plain ones, tested at each hundredth. Coarse grids have not converged by then (between neighbours of 20 bins
/// K is e⁻⁵, and little mass has moved), so that the original's number is not the limit's. On larger grids, where 1000 iterations take the
/// original minutes and a broad pair ends some 5e-4 short of the limit, this is the limit: only the bounding box of the two supports takes
/// part, coarser grids find the smooth part of the solution, and over-relaxation speeds up the rest.</remarks>
internal static class EntropicTransport
{
    private const double Gamma = 100;
    private const int MaxIterations = 1000;

    /// <summary>Largest grid that is solved as the original does.</summary>
    private const int PlainCells = 1024;

    /// <summary>Where the original stops before the last iteration: violation of the columns' sums, 2-norm.</summary>
    private const double PlainTolerance = 1e-8;

    private const int PlainTestEvery = 100;

    /// <summary>Largest sum of violations of the two marginals; the distance is off by no more than about this.</summary>
    private const double Tolerance = 2e-6;

    /// <summary>Small grids cost nothing.</summary>
    private const double TightTolerance = 1e-9;

    /// <summary>The smallest cells of at most this total are left out: they cannot move the distance by more.</summary>
    private const double Negligible = 1e-6;

    /// <summary>A grid of no more cells is solved without a coarser one.</summary>
    private const int FewCells = 256;

    /// <summary>Distance between histograms of <paramref name="dimensions"/> dimensions with equally many cells in each.</summary>
    public static double Distance(ReadOnlySpan<float> p, ReadOnlySpan<float> q, int dimensions, int bins, int threads = 1) =>
        Distance(p, q, [.. Enumerable.Repeat(bins, dimensions)], threads);

    /// <param name="p">Masses of sum 1, row-major.</param>
    /// <param name="q">Likewise.</param>
    /// <param name="bins">Cells per dimension; distances are in units of each dimension's range.</param>
    /// <param name="threads">At most so many at once; the distance does not depend on it.</param>
    public static double Distance(ReadOnlySpan<float> p, ReadOnlySpan<float> q, IReadOnlyList<int> bins, int threads = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(p.Length, bins.Aggregate(1, (a, b) => a * b), nameof(p));
        ArgumentOutOfRangeException.ThrowIfNotEqual(q.Length, p.Length, nameof(q));
        if (p.Length <= PlainCells) return Plain(p, q, [.. bins]);
        var (row, column) = (Considerable(p), Considerable(q));
        if (row is null || column is null) return double.NaN;
        var box = SupportBox.Of(bins, row, column);
        double[] spacing = [.. bins.Select(count => 1.0 / count)];
        (row, column) = (box.Cut(row), box.Cut(column));
        var (u, v) = Solve(row, column, box.Lengths, spacing, row.Length > FewCells ? Tolerance : TightTolerance, threads);
        return Cost(u, v, box.Lengths, spacing);
    }

    private static double Plain(ReadOnlySpan<float> p, ReadOnlySpan<float> q, int[] bins)
    {
        if (Total(p) is null || Total(q) is null) return double.NaN;
        double[] row = new double[p.Length], column = new double[q.Length], everywhere = new double[p.Length];
        for (var i = 0; i < row.Length; i++) (row[i], column[i], everywhere[i]) = (p[i], q[i], 1);
        var spacing = Array.ConvertAll(bins, count => 1.0 / count);
        var kernel = Convolution(bins, spacing, distance => Math.Exp(-Gamma * distance));
        double[] u = new double[row.Length], v = new double[row.Length], product = new double[row.Length];
        Array.Fill(u, 1.0 / row.Length);
        for (var iteration = 0; iteration < MaxIterations; iteration++)
        {
            kernel.Apply(u, everywhere, product);
            for (var i = 0; i < v.Length; i++) v[i] = column[i] / product[i];
            kernel.Apply(v, everywhere, product);
            for (var i = 0; i < u.Length; i++) u[i] = row[i] / product[i];
            if (iteration % PlainTestEvery != 0) continue;
            kernel.Apply(u, everywhere, product);
            var violation = 0.0;
            for (var i = 0; i < v.Length; i++) violation += (v[i] * product[i] - column[i]) * (v[i] * product[i] - column[i]);
            if (Math.Sqrt(violation) < PlainTolerance) break;
        }

        return Cost(u, v, bins, spacing);
    }

    /// <summary>Σ T·M of the plan diag(u) K diag(v).</summary>
    private static double Cost(double[] u, double[] v, int[] lengths, double[] spacing)
    {
        var moment = Convolution(lengths, spacing, distance => distance * Math.Exp(-Gamma * distance));
        var product = new double[u.Length];
        moment.Apply(v, u, product);
        return u.Zip(product, (one, other) => one * other).Sum();
    }

    private static (double[] U, double[] V) Solve(
        double[] row, double[] column, int[] lengths, double[] spacing, double tolerance, int threads)
    {
        var start = Array.ConvertAll(row, _ => 1.0 / row.Length);
        if (row.Length > FewCells)
        {
            // u / row = 1 / Kv varies smoothly, so it may be carried over from cells twice as wide.
            var coarse = new CoarseGrid(lengths);
            var (coarseRow, coarseColumn) = (coarse.Sum(row), coarse.Sum(column));
            var (coarseU, _) = Solve(
                coarseRow, coarseColumn, coarse.Lengths, Array.ConvertAll(spacing, width => 2 * width), Tolerance, threads);
            start = [.. row.Select((mass, i) => mass == 0 ? 0 : mass * coarseU[coarse.CellOf(i)] / coarseRow[coarse.CellOf(i)])];
        }

        var scaling = new SinkhornScaling(Convolution(lengths, spacing, distance => Math.Exp(-Gamma * distance), threads), row, column,
            start);
        scaling.Iterate(MaxIterations, tolerance);
        return (scaling.U, scaling.V);
    }

    private static GridConvolution Convolution(int[] lengths, double[] spacing, Func<double, double> kernel, int threads = 1) =>
        new(lengths, difference =>
        {
            var squares = 0.0;
            for (var k = 0; k < difference.Length; k++)
                squares += difference[k] * spacing[k] * difference[k] * spacing[k];
            return kernel(Math.Sqrt(squares));
        }, threads);

    private static double? Total(ReadOnlySpan<float> masses)
    {
        var sum = 0.0;
        foreach (var mass in masses) sum += mass;
        return sum > 0 && double.IsFinite(sum) ? sum : null;
    }

    /// <summary>The masses without the negligible ones, of sum 1; null when they are not masses at all.</summary>
    private static double[]? Considerable(ReadOnlySpan<float> masses)
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
        return sum > 0 && double.IsFinite(sum) ? Array.ConvertAll(kept, mass => mass / sum) : null;
    }
}
