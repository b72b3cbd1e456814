using Amnre.Engine.Randomness;

namespace Amnre.Engine.Distributions;

/// <summary>A density given at points, linear between them; see <see cref="Marginal.Table"/>.</summary>
internal sealed class TableMarginal : Marginal
{
    private readonly double[] _values, _densities, _below;

    private TableMarginal(double[] values, double[] densities) : base((float)values[0], (float)values[^1])
    {
        (_values, _densities, _below) = (values, densities, new double[values.Length]);
        for (var i = 1; i < values.Length; i++)
            _below[i] = _below[i - 1] + (values[i] - values[i - 1]) * (densities[i] + densities[i - 1]) / 2;
        var total = _below[^1];
        for (var i = 0; i < values.Length; i++) (_densities[i], _below[i]) = (densities[i] / total, _below[i] / total);
    }

    public static TableMarginal Of(IReadOnlyList<double> values, IReadOnlyList<double> densities)
    {
        if (values.Count < 2 || values.Count != densities.Count)
            throw new InputException($"a table of {values.Count} values and {densities.Count} densities is no prior: give two points or " +
                "more, each a value and its density");
        for (var i = 0; i < values.Count; i++)
        {
            // Values are kept as draws are, in single precision.
            if (!float.IsFinite((float)values[i]) || i > 0 && !((float)values[i] > (float)values[i - 1]))
                throw new InputException($"the table's value {values[i]} does not rise above the one before: give finite values in " +
                    "ascending order, apart in single precision");
            if (!(densities[i] >= 0 && double.IsFinite(densities[i])))
                throw new InputException($"the table's density {densities[i]} at {values[i]} is none: give numbers of 0 or more");
        }

        var top = densities.Max();
        if (!(top > 0)) throw new InputException("all densities of the table are 0: give at least one above 0");
        return new TableMarginal([.. values.Select(value => (double)(float)value)], [.. densities.Select(density => density / top)]);
    }

    private protected override float Next(ref CounterRandom random)
    {
        var share = random.NextDouble();
        var place = Array.BinarySearch(_below, share);
        var cell = Math.Clamp(place >= 0 ? place : ~place - 1, 0, _values.Length - 2);
        // Within a cell the mass is m = d₀ t + (d₁ − d₀) t² / 2w; the root is written so that nothing cancels.
        var (width, first, last) = (_values[cell + 1] - _values[cell], _densities[cell], _densities[cell + 1]);
        var mass = share - _below[cell];
        var root = Math.Sqrt(Math.Max(0, first * first + 2 * (last - first) / width * mass));
        var step = first + root > 0 ? 2 * mass / (first + root) : 0;
        return (float)(_values[cell] + Math.Min(step, width));
    }

    private protected override double LogInside(float value)
    {
        var place = Array.BinarySearch(_values, value);
        if (place >= 0) return Math.Log(_densities[place]);
        var cell = ~place - 1;
        var share = (value - _values[cell]) / (_values[cell + 1] - _values[cell]);
        return Math.Log(_densities[cell] + share * (_densities[cell + 1] - _densities[cell]));
    }
}
