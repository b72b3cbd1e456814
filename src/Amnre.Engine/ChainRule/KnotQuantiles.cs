namespace Amnre.Engine.ChainRule;

/// <summary>Quantiles of a <see cref="KnotDensity"/> as it is now, whose masses are added up once.</summary>
internal sealed class KnotQuantiles
{
    private readonly double[] _u, _heights, _below;

    public KnotQuantiles(KnotDensity density)
    {
        (_u, _heights) = (density.Knots.ToArray(), density.Heights());
        _below = new double[_u.Length];
        for (var i = 1; i < _u.Length; i++)
            _below[i] = _below[i - 1] + KnotDensity.Mass(_heights[i - 1], _heights[i], _u[i] - _u[i - 1]);
    }

    /// <summary>The value below which a fraction <paramref name="p"/> of the mass lies, and the logarithm of the normalised density
    /// there.</summary>
    public (double U, double Log) Of(double p)
    {
        var rest = p * _below[^1];
        var place = Array.BinarySearch(_below, rest);
        var cell = Math.Clamp(place >= 0 ? place : ~place - 1, 0, _u.Length - 2);
        var (low, width, mass) = (_u[cell], _u[cell + 1] - _u[cell], _below[cell + 1] - _below[cell]);
        var part = mass > 0 ? Math.Clamp((rest - _below[cell]) / mass, 0, 1) : 0;
        // Of e^(from + (to − from) t) on [0, 1]: t = ln(1 + part (e^(to−from) − 1)) / (to − from), written so that it neither overflows nor
        // cancels.
        var (from, rise) = (_heights[cell], _heights[cell + 1] - _heights[cell]);
        var t = Math.Abs(rise) < 1e-9 ? part
            : rise > 0 ? 1 + Math.Log(part + (1 - part) * Math.Exp(-rise)) / rise
            : Math.Log(1 - part + part * Math.Exp(rise)) / rise;
        t = Math.Clamp(t, 0, 1);
        return (low + width * t, from + rise * t - Math.Log(_below[^1]));
    }

    /// <summary>The logarithm of the normalised density at <paramref name="u"/>.</summary>
    public double Log(double u)
    {
        var place = Array.BinarySearch(_u, u);
        var cell = Math.Clamp(place >= 0 ? place : ~place - 1, 0, _u.Length - 2);
        var part = (u - _u[cell]) / (_u[cell + 1] - _u[cell]);
        return _heights[cell] + part * (_heights[cell + 1] - _heights[cell]) - Math.Log(_below[^1]);
    }
}
