using System.Runtime.Intrinsics;
using Amnre.Engine.Randomness;

namespace Amnre.Engine.Distributions;

/// <summary>Normal in ln θ; see <see cref="Marginal.LogNormal"/>.</summary>
internal sealed class LogNormalMarginal : Marginal
{
    private const double Cut = 5;

    /// <summary>P(|z| &lt; 5).</summary>
    private const double Mass = 0.99999942669685624;

    private readonly double _mean, _deviation, _log;

    private LogNormalMarginal(double mean, double deviation, float low, float high) : base(low, high)
    {
        (_mean, _deviation) = (mean, deviation);
        _log = -Math.Log(deviation * Math.Sqrt(2 * Math.PI) * Mass);
    }

    internal override bool IsLogarithmic => true;

    public static LogNormalMarginal Of(double mean, double deviation)
    {
        if (!double.IsFinite(mean))
            throw new InputException($"a log-normal prior cannot have mean {mean}: give the mean of the logarithm, a finite number");
        if (!(deviation > 0))
            throw new InputException($"a log-normal prior cannot have deviation {deviation}: give the deviation of the logarithm, above 0");
        if (!(Math.Abs(mean) + Cut * deviation < 85))
            throw new InputException($"a log-normal prior of mean {mean} and deviation {deviation} reaches beyond what single precision " +
                "holds: both are of the logarithm; give mean ± 5 deviations between -85 and 85");
        return new LogNormalMarginal(
            mean, deviation, (float)ReproducibleIntegrals.Exp(mean - Cut * deviation),
            (float)ReproducibleIntegrals.Exp(mean + Cut * deviation));
    }

    private protected override float Next(ref CounterRandom random)
    {
        while (true)
        {
            NormalPair.From(Vector256.Create(random.NextUInt32()), Vector256.Create(random.NextUInt32()), out var z, out _);
            if (Math.Abs(z[0]) < Cut) return (float)ReproducibleIntegrals.Exp(Math.FusedMultiplyAdd(_deviation, z[0], _mean));
        }
    }

    private protected override double LogInside(float value)
    {
        var log = Math.Log(value);
        var z = (log - _mean) / _deviation;
        return _log - log - 0.5 * z * z;
    }
}
