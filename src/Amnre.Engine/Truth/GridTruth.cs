using Amnre.Engine.Histograms;
using Amnre.Engine.Masks;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Truth;

/// <summary>The true posterior of a simulator of one or two parameters as masses of histogram cells, by quadrature that halves cells until
/// their masses are known to 1e-6 of the whole.</summary>
internal sealed class GridTruth
{
    private const int Order = 4, MaxDepth = 9;

    /// <summary>Halvings of a cell in which the posterior was drawn, however even it looks.</summary>
    private const int MinDepth = 2;

    private const double Tolerance = 1e-9;

    private static readonly (double[] Nodes, double[] Weights) Rule = Quadrature.Rule(Order);

    private readonly PosteriorDensity _density;
    private readonly CellAxis[] _axes;
    private readonly int _bins, _size;
    private readonly double[] _likelihood;
    private readonly float[] _theta;
    private readonly double[] _z, _weight;
    private double _reference, _total;

    private GridTruth(PosteriorDensity density, CellAxis[] axes, int bins)
    {
        (_density, _axes, _bins, _size) = (density, axes, bins, axes.Length);
        var points = (int)Math.Pow(Order, _size);
        (_likelihood, _weight) = (new double[points], new double[points]);
        (_theta, _z) = (new float[points * _size], new double[points * _size]);
    }

    /// <param name="simulator">Of one or two parameters.</param>
    /// <param name="x">One observation, flattened.</param>
    /// <param name="bins">Cells per dimension.</param>
    /// <param name="threads">At most so many at once.</param>
    /// <param name="stop">Checked often.</param>
    /// <returns>Normalised histograms of all masks.</returns>
    public static IReadOnlyDictionary<ParameterMask, Histogram> Marginals(
        ITractableSimulator simulator, ReadOnlySpan<float> x, int bins, int threads, CancellationToken stop)
    {
        var size = simulator.ThetaSize;
        var full = ParameterMask.Full(size);
        CellAxis[] axes = [.. Enumerable.Range(0, size).Select(parameter => CellAxis.Of(simulator, parameter))];
        // Draws say which cells a narrow posterior is in.
        var draws = TrueDraws.Of(simulator, x, observation: 0, 8192, seed: 0, threads, stop);
        var grid = new GridTruth(new PosteriorDensity(simulator, x), axes, bins);
        var joint = new Histogram(full, bins, grid.Masses(draws.Theta, stop));
        var masks = new Dictionary<ParameterMask, Histogram> { [full] = joint };
        for (var parameter = 0; size > 1 && parameter < size; parameter++)
        {
            var mask = new ParameterMask(1u << parameter, size);
            masks[mask] = joint.Marginal(mask);
        }

        return masks;
    }

    private float[] Masses(float[] draws, CancellationToken stop)
    {
        var likelihood = new double[draws.Length / _size];
        _density.LogLikelihoods(draws, likelihood);
        _reference = likelihood.Max();
        var cells = Histogram.CellCount(ParameterMask.Full(_size), _bins);
        var drawn = new bool[(int)cells];
        for (var row = 0; row < draws.Length; row += _size)
        {
            var cell = 0;
            for (var d = 0; d < _size; d++) cell = cell * _bins + _axes[d].CellOf(draws[row + d], _bins);
            drawn[cell] = true;
        }

        var masses = new double[(int)cells];
        for (var cell = 0; cell < masses.Length; cell++)
        {
            if (cell % 64 == 0) stop.ThrowIfCancellationRequested();
            masses[cell] = Integral(Box(cell));
        }

        _total = masses.Sum();
        for (var cell = 0; cell < masses.Length; cell++)
        {
            stop.ThrowIfCancellationRequested();
            masses[cell] = Refined(Box(cell), masses[cell], depth: 0, drawn[cell] ? MinDepth : 0);
        }

        var total = masses.Sum();
        return Array.ConvertAll(masses, mass => (float)(mass / total));
    }

    private (double Low, double High)[] Box(int cell)
    {
        var box = new (double, double)[_size];
        for (var d = _size - 1; d >= 0; d--)
        {
            var (axis, place) = (_axes[d], cell % _bins);
            cell /= _bins;
            var (low, step) = (axis.IsLogarithmic ? Math.Log(axis.Low) : axis.Low, axis.Step(_bins));
            box[d] = (low + place * step, low + (place + 1) * step);
        }

        return box;
    }

    private double Refined((double Low, double High)[] box, double whole, int depth, int least)
    {
        if (depth == MaxDepth) return whole;
        var parts = Halves(box);
        var masses = parts.ConvertAll(Integral);
        var sum = masses.Sum();
        if (depth >= least && Math.Abs(sum - whole) <= Tolerance * Math.Max(_total, sum)) return sum;
        return parts.Zip(masses, (part, mass) => Refined(part, mass, depth + 1, least)).Sum();
    }

    private static List<(double Low, double High)[]> Halves((double Low, double High)[] box)
    {
        List<(double, double)[]> parts = [[]];
        foreach (var (low, high) in box)
        {
            var middle = (low + high) / 2;
            (double, double)[] sides = [(low, middle), (middle, high)];
            parts = [.. parts.SelectMany(part => sides.Select(side => ((double, double)[])[.. part, side]))];
        }

        return parts;
    }

    /// <summary>Prior times likelihood over a box, up to the factor of the reference.</summary>
    private double Integral((double Low, double High)[] box)
    {
        for (var point = 0; point < _weight.Length; point++)
        {
            _weight[point] = 1;
            for (var (d, rest) = (0, point); d < _size; d++, rest /= Order)
            {
                var half = (box[d].High - box[d].Low) / 2;
                var z = box[d].Low + half * (1 + Rule.Nodes[rest % Order]);
                _weight[point] *= half * Rule.Weights[rest % Order];
                (_z[point * _size + d], _theta[point * _size + d]) = (z, _density.Theta(d, z));
            }
        }

        _density.LogLikelihoods(_theta, _likelihood);
        var sum = 0.0;
        for (var point = 0; point < _weight.Length; point++)
        {
            var prior = _density.LogPrior(_theta.AsSpan(point * _size, _size), _z.AsSpan(point * _size, _size));
            sum += _weight[point] * Math.Exp(prior + _likelihood[point] - _reference);
        }

        return sum;
    }
}
