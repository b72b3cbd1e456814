using MathNet.Numerics;

namespace Amnre.Engine.Distributions;

/// <summary>Gamma of a shape and a rate; see <see cref="Marginal.Gamma"/>.</summary>
internal sealed class GammaMarginal : InverseMarginal
{
    private readonly double _shape, _rate, _log;

    private GammaMarginal(double shape, double rate, float low, float high) : base(low, high)
    {
        (_shape, _rate) = (shape, rate);
        Prepare();
        _log = shape * Math.Log(rate) - SpecialFunctions.GammaLn(shape) - LogMass;
    }

    public static GammaMarginal Of(double shape, double rate)
    {
        if (!(shape >= MinShape && shape <= MaxShape))
            throw new InputException($"a gamma prior cannot have shape {shape}: give a shape from {MinShape} to {MaxShape}; " +
                "for a density that rises more steeply at 0 declare the logarithm as the parameter");
        if (!(rate > 0 && double.IsFinite(rate))) throw new InputException($"a gamma prior cannot have rate {rate}: give a rate above 0");
        var most = shape + 40 + 12 * Math.Sqrt(shape);
        double At(double target) => Solve(x => ReproducibleIntegrals.GammaBelow(shape, x), target, 0, most) / rate;
        var (low, high) = (At(Beyond), At(1 - Beyond));
        // 0 stays the bound unless the mass is far from it, or the density infinite there.
        return new GammaMarginal(shape, rate, shape >= 1 && low < 0.05 * high ? 0 : (float)low, (float)high);
    }

    protected override double Below(double value) => ReproducibleIntegrals.GammaBelow(_shape, value * _rate);

    private protected override double LogInside(float value) =>
        _log - _rate * value + (_shape > 1 || value > 0 ? (_shape - 1) * Math.Log(value) : 0);
}
