namespace Amnre.Engine.Evaluation;

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

    /// <summary>1 − Σ of the masses no smaller than that of <paramref name="cell"/>: the level of the smallest highest-density
    /// region that holds the cell is one minus this.</summary>
    public static double Percentile(ReadOnlySpan<float> p, int cell)
    {
        var sum = 0.0;
        foreach (var mass in p)
            if (mass >= p[cell]) sum += mass;
        return 1 - sum;
    }

    /// <summary>Earth mover's distance between two 1-D histograms over the unit interval: ∫ |P − Q|, exact.</summary>
    public static double Distance(ReadOnlySpan<float> p, ReadOnlySpan<float> q)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(q.Length, p.Length, nameof(q));
        double difference = 0, sum = 0;
        for (var i = 0; i < p.Length; i++)
        {
            difference += (double)p[i] - q[i];
            sum += Math.Abs(difference);
        }

        return sum / p.Length;
    }
}
