using Amnre.Engine.Histograms;
using Amnre.Engine.Masks;
using Amnre.Engine.Posteriors;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Sampling;

/// <summary>Lays a marginal posterior on a grid: the mass of a cell is the density at its centre times its volume, both of the logarithms
/// of those parameters whose cells are logarithmic (<see cref="CellAxis"/>).</summary>
internal sealed class MarginalGrid
{
    private readonly ParameterMask _mask;
    private readonly int _bins;
    private readonly float[][] _centres;
    private readonly double _cellVolume;

    /// <summary>Places, among the mask's parameters, of those with logarithmic cells.</summary>
    private readonly int[] _logarithmic;

    public MarginalGrid(ISimulator simulator, ParameterMask mask, int bins)
    {
        (_mask, _bins) = (mask, bins);
        CellAxis[] axes = [.. mask.Indices().Select(parameter => CellAxis.Of(simulator, parameter))];
        _cellVolume = axes.Aggregate(1.0, (volume, axis) => volume * axis.Step(bins));
        _centres = [.. axes.Select(axis => Enumerable.Range(0, bins).Select(i => axis.Centre(i, bins)).ToArray())];
        _logarithmic = [.. axes.Index().Where(axis => axis.Item.IsLogarithmic).Select(axis => axis.Index)];
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
                {
                    OfLogarithms(theta, logDensity.AsSpan(i * cells, cells));
                    logDensity.AsSpan(i * cells, cells).CopyTo(masses[first + i].AsSpan(cell));
                }
            }
        }

        return [.. masses.Select(logs => (new Histogram(_mask, _bins, logs), Normalise(logs)))];
    }

    /// <summary>The prior's own histogram.</summary>
    public Histogram Prior(ISimulator simulator)
    {
        var (theta, masses) = (new float[Cells * _centres.Length], new float[Cells]);
        Centres(0, theta);
        for (var cell = 0; cell < Cells; cell++)
            masses[cell] = (float)simulator.LogPrior(_mask, theta.AsSpan(cell * _centres.Length, _centres.Length));
        OfLogarithms(theta, masses);
        Normalise(masses);
        return new Histogram(_mask, _bins, masses);
    }

    /// <summary>Turns densities of parameters into those of their logarithms: p(ln θ | x) = θ p(θ | x).</summary>
    private void OfLogarithms(ReadOnlySpan<float> theta, Span<float> logDensity)
    {
        foreach (var place in _logarithmic)
            for (var cell = 0; cell < logDensity.Length; cell++) logDensity[cell] += MathF.Log(theta[cell * _centres.Length + place]);
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
