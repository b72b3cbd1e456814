namespace Amnre.Engine.Distributions;

/// <summary>A normal between bounds; see <see cref="Marginal.TruncatedNormal"/>.</summary>
internal sealed class TruncatedNormalMarginal : InverseMarginal
{
    private const double Cut = 5;

    private readonly double _mean, _deviation, _log;

    /// <summary>1, or −1 where the support lies above the mean: there tails are counted from above, which keeps their digits.</summary>
    private readonly int _side;

    private TruncatedNormalMarginal(double mean, double deviation, float low, float high) : base(low, high)
    {
        (_mean, _deviation, _side) = (mean, deviation, low > mean ? -1 : 1);
        Prepare();
        _log = -Math.Log(deviation * Math.Sqrt(2 * Math.PI)) - LogMass;
    }

    public static TruncatedNormalMarginal Of(double mean, double deviation, double low, double high)
    {
        if (!double.IsFinite(mean)) throw new InputException($"a normal prior cannot have mean {mean}: give a finite number");
        if (!(deviation > 0 && double.IsFinite(deviation)))
            throw new InputException($"a normal prior cannot have deviation {deviation}: give one above 0");
        if (!(low < high)) throw new InputException($"a prior from {low} to {high} has no width: give the lower bound first");
        if (!(NormalTail.Between((low - mean) / deviation, (high - mean) / deviation) > 1e-280))
            throw new InputException($"a normal prior of mean {mean} and deviation {deviation} has no mass from {low} to {high}: give " +
                "bounds nearer to the mean");
        // Beyond five deviations of the mean, or where a tail that the mean is outside of has as little mass left, nothing is drawn.
        if (mean < low) high = Math.Min(high, Far(low));
        else if (mean > high) low = Math.Max(low, -Far(-high, -mean));
        else (low, high) = (Math.Max(low, mean - Cut * deviation), Math.Min(high, mean + Cut * deviation));
        return new TruncatedNormalMarginal(mean, deviation, (float)low, (float)high);

        double Far(double from, double? centre = null)
        {
            var z = (from - (centre ?? mean)) / deviation;
            var tail = ReproducibleIntegrals.NormalBelow(-z) * Beyond;
            return Solve(at => -ReproducibleIntegrals.NormalBelow(-at), -tail, z, z + 10) * deviation + (centre ?? mean);
        }
    }

    protected override double Below(double value) => _side * ReproducibleIntegrals.NormalBelow(_side * (value - _mean) / _deviation);

    private protected override double LogInside(float value)
    {
        var z = (value - _mean) / _deviation;
        return _log - 0.5 * z * z;
    }
}
