using Amnre.Engine.Histograms;
using Amnre.Engine.Masks;
using Amnre.Engine.Posteriors;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Sampling;

/// <summary>Lays a marginal posterior on a regular grid: the mass of a cell is the density at its centre times its volume.</summary>
internal sealed class MarginalGrid
{
    private readonly ParameterMask _mask;
    private readonly int _bins;
    private readonly float[][] _centres;
    private readonly double _cellVolume;

    public MarginalGrid(ISimulator simulator, ParameterMask mask, int bins)
    {
        (_mask, _bins) = (mask, bins);
        var steps = mask.Indices().Select(parameter => ((double)simulator.High[parameter] - simulator.Low[parameter]) / bins);
        _cellVolume = steps.Aggregate(1.0, (volume, step) => volume * step);
        _centres = [.. mask.Indices().Zip(steps, (parameter, step) =>
            Enumerable.Range(0, bins).Select(i => (float)(simulator.Low[parameter] + (i + 0.5) * step)).ToArray())];
        Cells = checked((int)Histogram.CellCount(mask, bins));
    }

    public int Cells { get; }

    /// <summary>Histograms of several observations.</summary>
    /// <param name="posterior">The estimator; must cover the mask.</param>
    /// <param name="x">(m, observation size).</param>
    /// <param name="count">m.</param>
    /// <param name="batchSize">Most (observation, cell) pairs in one call of the estimator, apart from rounding up to one
    /// observation.</param>
    /// <returns>For each observation the normalised histogram, and the sum of masses before normalising (1 for a perfect
    /// density).</returns>
    public (Histogram Histogram, double Total)[] Evaluate(IMarginalPosterior posterior, ReadOnlySpan<float> x, int count, int batchSize)
    {
        var masses = new float[count][];
        for (var i = 0; i < count; i++) masses[i] = new float[Cells];
        var observationSize = x.Length / count;
        var cellsAtOnce = Math.Min(Cells, batchSize);
        var observationsAtOnce = Math.Clamp(batchSize / cellsAtOnce, 1, count);
        var theta = new float[cellsAtOnce * _centres.Length];
        var logDensity = new float[observationsAtOnce * cellsAtOnce];
        for (var cell = 0; cell < Cells; cell += cellsAtOnce)
        {
            var cells = Math.Min(cellsAtOnce, Cells - cell);
            Centres(cell, theta.AsSpan(0, cells * _centres.Length));
            for (var first = 0; first < count; first += observationsAtOnce)
            {
                var observations = Math.Min(observationsAtOnce, count - first);
                posterior.LogDensity(
                    _mask, x.Slice(first * observationSize, observations * observationSize),
                    theta.AsSpan(0, cells * _centres.Length), logDensity.AsSpan(0, observations * cells));
                for (var i = 0; i < observations; i++)
                    logDensity.AsSpan(i * cells, cells).CopyTo(masses[first + i].AsSpan(cell));
            }
        }

        return [.. masses.Select(logs => (new Histogram(_mask, _bins, logs), Normalise(logs)))];
    }

    private void Centres(int firstCell, Span<float> rows)
    {
        for (var row = 0; row < rows.Length / _centres.Length; row++)
        {
            var rest = firstCell + row;
            for (var k = _centres.Length - 1; k >= 0; k--)
            {
                rows[row * _centres.Length + k] = _centres[k][rest % _bins];
                rest /= _bins;
            }
        }
    }

    /// <summary>Turns log densities into masses of sum 1; a density that is not a number counts as nothing.</summary>
    private double Normalise(Span<float> values)
    {
        var total = 0.0;
        foreach (ref var value in values)
        {
            var mass = Math.Exp(value) * _cellVolume;
            value = double.IsNaN(mass) ? 0 : (float)mass;
            total += value;
        }

        if (total > 0 && double.IsFinite(total))
            foreach (ref var value in values) value = (float)(value / total);
        return total;
    }
}
