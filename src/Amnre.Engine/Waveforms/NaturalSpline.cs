namespace Amnre.Engine.Waveforms;

/// <summary>Cubic spline whose second derivative vanishes at both ends.</summary>
internal sealed class NaturalSpline
{
    private readonly double[] _x, _y, _curvature;

    /// <param name="x">Increasing; at least two.</param>
    /// <param name="y">Values there.</param>
    public NaturalSpline(double[] x, double[] y)
    {
        (_x, _y, _curvature) = (x, y, new double[x.Length]);
        // Thomas's algorithm; the rows of both ends say that the curvature is zero.
        var upper = new double[x.Length];
        for (var i = 1; i < x.Length - 1; i++)
        {
            double left = x[i] - x[i - 1], right = x[i + 1] - x[i];
            var pivot = 2 * (left + right) - left * upper[i - 1];
            upper[i] = right / pivot;
            var change = 6 * ((y[i + 1] - y[i]) / right - (y[i] - y[i - 1]) / left);
            _curvature[i] = (change - left * _curvature[i - 1]) / pivot;
        }

        for (var i = x.Length - 2; i > 0; i--) _curvature[i] -= upper[i] * _curvature[i + 1];
    }

    public double At(double x)
    {
        var (i, h, a, b) = Locate(x);
        return a * _y[i] + b * _y[i + 1] + ((a * a * a - a) * _curvature[i] + (b * b * b - b) * _curvature[i + 1]) * h * h / 6;
    }

    public double SlopeAt(double x)
    {
        var (i, h, a, b) = Locate(x);
        return (_y[i + 1] - _y[i]) / h + h / 6 * ((3 * b * b - 1) * _curvature[i + 1] - (3 * a * a - 1) * _curvature[i]);
    }

    /// <summary>The interval of <paramref name="x"/>, its width, and the weights of its ends; the outermost intervals reach
    /// outward.</summary>
    private (int Interval, double Width, double Left, double Right) Locate(double x)
    {
        var found = Array.BinarySearch(_x, x);
        var i = Math.Clamp(found >= 0 ? found : ~found - 1, 0, _x.Length - 2);
        var h = _x[i + 1] - _x[i];
        return (i, h, (_x[i + 1] - x) / h, (x - _x[i]) / h);
    }
}
