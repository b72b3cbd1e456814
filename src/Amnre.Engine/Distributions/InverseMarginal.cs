using Amnre.Engine.Randomness;

namespace Amnre.Engine.Distributions;

/// <summary>A prior that is drawn by the inverse transform: the value below which a uniform share of its mass lies.</summary>
internal abstract class InverseMarginal(float low, float high) : Marginal(low, high)
{
    /// <summary>Mass beyond a bound that the support leaves out, as that of a normal beyond five deviations.</summary>
    protected const double Beyond = 2.8665157187919e-7;

    /// <summary>Cells of the table that brackets a value before it is searched.</summary>
    private const int Cells = 256;

    private readonly double[] _values = new double[Cells + 1], _masses = new double[Cells + 1];

    /// <summary>ln of the mass of the whole distribution that the support keeps.</summary>
    protected double LogMass { get; private set; }

    /// <summary>Finds a value by a rising function, between bounds, to far below the precision of a float.</summary>
    /// <param name="below">Rises from <paramref name="low"/> to <paramref name="high"/>.</param>
    /// <param name="target">What it is at the value.</param>
    /// <param name="low">The value is at least this.</param>
    /// <param name="high">The value is at most this.</param>
    protected static double Solve(Func<double, double> below, double target, double low, double high)
    {
        // Bisection, in the logarithm while the bounds are decades apart.
        for (var i = 0; i < 400 && high - low > 1e-9 * Math.Max(Math.Abs(low), Math.Abs(high)); i++)
        {
            var middle = low > 0 && high > 4 * low ? Math.Sqrt(low) * Math.Sqrt(high) : low + (high - low) / 2;
            if (below(middle) < target) low = middle;
            else high = middle;
        }

        return low + (high - low) / 2;
    }

    /// <summary>To be called once by each constructor, when <see cref="Below"/> can be asked.</summary>
    protected void Prepare()
    {
        for (var i = 0; i <= Cells; i++)
        {
            // Even steps, but squares of them where the density may rise towards 0.
            var share = (double)i / Cells;
            _values[i] = i == Cells ? High : Low + ((double)High - Low) * (Low >= 0 ? share * share : share);
            _masses[i] = Below(_values[i]);
        }

        var mass = _masses[^1] - _masses[0];
        if (!(mass > 1e-280))
            throw new InputException($"a prior from {Low} to {High} has no mass there: write bounds nearer to where its mass is");
        LogMass = Math.Log(mass);
    }

    /// <summary>Mass of the whole distribution below a value, the same bits on every machine.</summary>
    protected abstract double Below(double value);

    private protected override float Next(ref CounterRandom random)
    {
        // Never 0 nor 1, which are the bounds themselves.
        var share = ((random.NextUInt64() >> 12) + 0.5) * (1.0 / (1L << 52));
        var target = Math.FusedMultiplyAdd(share, _masses[^1] - _masses[0], _masses[0]);
        var place = Array.BinarySearch(_masses, target);
        var cell = Math.Clamp(place >= 0 ? place : ~place - 1, 0, Cells - 1);
        return (float)Between(target, _values[cell], _values[cell + 1], _masses[cell] - target, _masses[cell + 1] - target);
    }

    /// <summary>The same by false positions, halving the weight of a bound that stays (the Illinois algorithm).</summary>
    private double Between(double target, double low, double high, double atLow, double atHigh)
    {
        if (!(atLow < 0)) return low;
        if (!(atHigh > 0)) return high;
        var value = double.NaN;
        for (var (i, kept) = (0, 0); i < 100; i++)
        {
            var next = low - atLow * (high - low) / (atHigh - atLow);
            if (Math.Abs(next - value) <= 1e-10 * Math.Abs(next)) return next;
            value = next;
            var error = Below(value) - target;
            if (error == 0) return value;
            if (error < 0)
            {
                (low, atLow) = (value, error);
                if (kept > 0) atHigh /= 2;
                kept = 1;
            }
            else
            {
                (high, atHigh) = (value, error);
                if (kept < 0) atLow /= 2;
                kept = -1;
            }
        }

        return value;
    }
}
