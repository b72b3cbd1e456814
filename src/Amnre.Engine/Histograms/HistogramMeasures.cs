namespace Amnre.Engine.Histograms;

/// <summary>Numbers that describe normalised histograms, in nats.</summary>
internal static class HistogramMeasures
{
    /// <summary>Keeps log finite in empty cells; the value of the original program.</summary>
    private const double Floor = 1e-42;

    /// <summary>−Σ p log p over cells.</summary>
    public static double Entropy(ReadOnlySpan<float> p)
    {
        var sum = 0.0;
        foreach (var mass in p)
            if (mass > 0) sum -= mass * Math.Log(mass);
        return sum;
    }

    /// <summary>KL(p ‖ q) = Σ p log(p/q), with q no smaller than 1e-42.</summary>
    public static double Divergence(ReadOnlySpan<float> p, ReadOnlySpan<float> q)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(q.Length, p.Length, nameof(q));
        var sum = 0.0;
        for (var i = 0; i < p.Length; i++)
            if (p[i] > 0) sum += p[i] * (Math.Log(p[i]) - Math.Log(Math.Max(q[i], Floor)));
        return sum;
    }

    /// <summary>KL(truth ‖ estimate) between histograms of the same cells, kept in either way.</summary>
    public static double Divergence(IHistogram truth, IHistogram estimate)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(estimate.Mask, truth.Mask, nameof(estimate));
        ArgumentOutOfRangeException.ThrowIfNotEqual(estimate.Bins, truth.Bins, nameof(estimate));
        if (truth is not SparseHistogram p || estimate is not SparseHistogram q)
            return Divergence(truth.Marginal(truth.Mask).Masses, estimate.Marginal(estimate.Mask).Masses);
        var sum = 0.0;
        for (var entry = 0; entry < p.Masses.Length; entry++)
            if (p.Masses[entry] is > 0 and var mass)
                sum += mass * (Math.Log(mass) - Math.Log(Math.Max(q.MassAt(p.Position(entry)), Floor)));
        return sum;
    }

    /// <summary>1 − Σ of the masses no smaller than <paramref name="mass"/>, that of a cell: the level of the smallest
    /// highest-density region that holds the cell is one minus this. A cell that no sample fell into gets 0.</summary>
    public static double Percentile(ReadOnlySpan<float> p, float mass)
    {
        var sum = 0.0;
        foreach (var other in p)
            if (other >= mass) sum += other;
        return 1 - sum;
    }
}
