namespace Amnre.Engine.MassTransport;

/// <summary>Finds u, v such that diag(u) K diag(v) has the given sums of rows and columns, with over-relaxation:
/// v ← v^{1−ω} (column / Kᵀu)^ω, and u likewise. Thibault, Chizat, Dossal, Papadakis (2021).</summary>
internal sealed class SinkhornScaling
{
    /// <summary>Iterations over which the rate of convergence shows.</summary>
    private const int Period = 10;

    private const double StrongestRelaxation = 1.95;

    private readonly GridConvolution _kernel;
    private readonly double[] _row;
    private readonly double[] _column;
    private readonly double[] _product;

    /// <param name="kernel">K, symmetric.</param>
    /// <param name="row">Wanted sums of rows.</param>
    /// <param name="column">Wanted sums of columns.</param>
    /// <param name="start">First u; 0 where the row is empty.</param>
    public SinkhornScaling(GridConvolution kernel, double[] row, double[] column, double[] start)
    {
        (_kernel, _row, _column) = (kernel, row, column);
        U = [.. start.Zip(row, (value, mass) => mass == 0 ? 0 : value)];
        V = new double[column.Length];
        _product = new double[row.Length];
    }

    public double[] U { get; }

    public double[] V { get; }

    /// <summary>Iterates until the sums are violated by at most <paramref name="tolerance"/> in all.</summary>
    public void Iterate(int most, double tolerance)
    {
        var (relaxation, last, least) = (1.0, double.PositiveInfinity, double.PositiveInfinity);
        for (var iteration = 0; iteration < most; iteration++)
        {
            // The first v is made from nothing, so it says nothing about convergence.
            var violation = Update(V, U, _column, iteration == 0 ? 1 : relaxation);
            violation += Update(U, V, _row, relaxation);
            if (iteration > 0 && violation < tolerance) break;
            if (iteration % Period != 0) continue;
            relaxation = violation > 10 * least ? 1 + 0.5 * (relaxation - 1) : Better(relaxation, Math.Pow(violation / last, 1.0 / Period));
            (last, least) = (violation, Math.Min(least, violation));
        }

        // Plain to the end: the sums of rows hold exactly.
        Update(V, U, _column, 1);
        Update(U, V, _row, 1);
    }

    /// <summary>Relaxed iterations whose violation shrinks by μ each tell the factor λ of plain ones, λω²μ = (μ+ω−1)², and so the
    /// best ω = 2/(1+√(1−λ)), with which it shrinks by ω − 1.</summary>
    private static double Better(double relaxation, double shrinkage)
    {
        if (shrinkage <= relaxation - 1 || shrinkage == 0) return relaxation;
        var sum = shrinkage + relaxation - 1;
        var plain = Math.Min(1, sum * sum / (relaxation * relaxation * shrinkage));
        return Math.Clamp(2 / (1 + Math.Sqrt(1 - plain)), relaxation, StrongestRelaxation);
    }

    /// <summary>One half of an iteration; returns how far the sums were off before.</summary>
    private double Update(double[] updated, double[] other, double[] wanted, double relaxation)
    {
        _kernel.Apply(other, wanted, _product);
        var violation = 0.0;
        for (var i = 0; i < updated.Length; i++)
        {
            if (wanted[i] == 0) continue;
            violation += Math.Abs(updated[i] * _product[i] - wanted[i]);
            var plain = wanted[i] / _product[i];
            updated[i] = relaxation == 1 ? plain : updated[i] * Math.Pow(plain / updated[i], relaxation);
        }

        return violation;
    }
}
