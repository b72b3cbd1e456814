using MathNet.Numerics;

namespace Amnre.Engine.Distributions;

/// <summary>Beta of two shapes; see <see cref="Marginal.Beta"/>.</summary>
internal sealed class BetaMarginal : InverseMarginal
{
    private readonly double _a, _b, _log;

    private BetaMarginal(double a, double b, float low, float high) : base(low, high)
    {
        (_a, _b) = (a, b);
        Prepare();
        _log = SpecialFunctions.GammaLn(a + b) - SpecialFunctions.GammaLn(a) - SpecialFunctions.GammaLn(b) - LogMass;
    }

    public static BetaMarginal Of(double a, double b)
    {
        foreach (var shape in (double[])[a, b])
            if (!(shape >= MinShape && shape <= MaxShape))
                throw new InputException($"a beta prior cannot have shape {shape}: give shapes from {MinShape} to {MaxShape}");
        double At(double target) => Solve(x => ReproducibleIntegrals.BetaBelow(a, b, x, 1 - x), target, 0, 1);
        var (low, high) = (At(Beyond), At(1 - Beyond));
        return new BetaMarginal(
            a, b, a >= 1 && low < 0.05 * high ? 0 : (float)low, b >= 1 && 1 - high < 0.05 * (1 - low) ? 1 : Math.Min(1, (float)high));
    }

    protected override double Below(double value) => ReproducibleIntegrals.BetaBelow(_a, _b, value, 1 - value);

    private protected override double LogInside(float value) =>
        _log + (_a > 1 || value > 0 ? (_a - 1) * Math.Log(value) : 0) + (_b - 1) * Math.Log(1 - (double)value);
}
