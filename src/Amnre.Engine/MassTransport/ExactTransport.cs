using Amnre.Engine.Settings;

namespace Amnre.Engine.MassTransport;

/// <summary>The earth mover's distance itself, without regularisation, between two histograms on the same grid of the unit cube with
/// Euclidean cost. One dimension: ∫ |P − Q|. More: successive shortest paths with potentials (Edmonds and Karp 1972; Tomizawa 1971), each
/// of which keeps the transport optimal for what it has moved.</summary>
/// <remarks>Mass that both histograms have in a cell stays there: the cost is a metric, so moving it cannot pay.</remarks>
internal static class ExactTransport
{
    /// <summary>Masses that rounding leaves over.</summary>
    private const double Nothing = 1e-15;

    /// <param name="p">Masses, row-major; scaled to sum 1.</param>
    /// <param name="q">Likewise.</param>
    /// <param name="dimensions">Of both.</param>
    /// <param name="bins">Cells per dimension.</param>
    /// <returns>In units of each dimension's range; not a number when one has no mass.</returns>
    public static double Distance(ReadOnlySpan<float> p, ReadOnlySpan<float> q, int dimensions, int bins)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(q.Length, p.Length, nameof(q));
        ArgumentOutOfRangeException.ThrowIfNotEqual(p.Length, Math.Pow(bins, dimensions), nameof(p));
        var (sumP, sumQ) = (Sum(p), Sum(q));
        if (!(sumP > 0 && sumQ > 0 && double.IsFinite(sumP + sumQ))) return double.NaN;
        if (dimensions == 1) return Cumulated(p, q, sumP, sumQ);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(p.Length, EvaluateSettings.MaxExactCells, nameof(p));

        List<(int Cell, double Mass)> sources = [], sinks = [];
        for (var cell = 0; cell < p.Length; cell++)
        {
            var excess = p[cell] / sumP - q[cell] / sumQ;
            if (excess > Nothing) sources.Add((cell, excess));
            else if (excess < -Nothing) sinks.Add((cell, -excess));
        }

        var cost = new double[sources.Count * sinks.Count];
        for (var i = 0; i < sources.Count; i++)
            for (var j = 0; j < sinks.Count; j++) cost[i * sinks.Count + j] = Length(sources[i].Cell, sinks[j].Cell, dimensions, bins);
        return new ShortestPathTransport([.. sources.Select(one => one.Mass)], [.. sinks.Select(one => one.Mass)], cost).Solve(Nothing);
    }

    private static double Cumulated(ReadOnlySpan<float> p, ReadOnlySpan<float> q, double sumP, double sumQ)
    {
        double difference = 0, sum = 0;
        for (var i = 0; i < p.Length; i++)
        {
            difference += p[i] / sumP - q[i] / sumQ;
            sum += Math.Abs(difference);
        }

        return sum / p.Length;
    }

    private static double Length(int a, int b, int dimensions, int bins)
    {
        var squares = 0.0;
        for (var k = 0; k < dimensions; k++)
        {
            var step = (double)(a % bins - b % bins) / bins;
            squares += step * step;
            (a, b) = (a / bins, b / bins);
        }

        return Math.Sqrt(squares);
    }

    private static double Sum(ReadOnlySpan<float> masses)
    {
        var sum = 0.0;
        foreach (var mass in masses) sum += mass;
        return sum;
    }
}
