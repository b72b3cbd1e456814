using Amnre.Engine.Masks;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Estimators;

/// <summary>Mean and standard deviation of each parameter, or of its logarithm, under the prior.</summary>
/// <remarks>By quadrature of each parameter's marginal density over its support (midpoints). The original estimates them from
/// 2^18 draws, which agrees to about 1/500 of a deviation but costs as many simulations where prior and simulator are one.</remarks>
internal sealed class PriorMoments
{
    private const int Points = 1 << 14;

    private PriorMoments(float[] mean, float[] deviation, bool[] logarithmic) =>
        (Mean, Deviation, Logarithmic) = (mean, deviation, logarithmic);

    public float[] Mean { get; }

    public float[] Deviation { get; }

    /// <summary>Of which parameters the logarithm is meant: those with a log-uniform prior.</summary>
    public bool[] Logarithmic { get; }

    /// <summary>Number of parameters, D.</summary>
    public int Size => Mean.Length;

    public static PriorMoments Of(ISimulator simulator)
    {
        var size = simulator.ThetaSize;
        var (mean, deviation) = (new float[size], new float[size]);
        bool[] logarithmic = [.. Enumerable.Range(0, size).Select(simulator.IsLogarithmic)];
        for (var p = 0; p < size; p++)
        {
            var mask = new ParameterMask(1u << p, size);
            double low = simulator.Low[p], high = simulator.High[p];
            if (logarithmic[p]) (low, high) = (Math.Log(low), Math.Log(high));
            var width = (high - low) / Points;
            double mass = 0, first = 0, second = 0;
            var centre = low + width * Points / 2;
            for (var i = 0; i < Points; i++)
            {
                var value = low + (i + 0.5) * width;
                var theta = logarithmic[p] ? Math.Exp(value) : value;
                // The density of the logarithm is that of the parameter times the parameter.
                var density = Math.Exp(simulator.LogPrior(mask, [(float)theta]) + (logarithmic[p] ? value : 0));
                mass += density;
                first += density * (value - centre);
                second += density * (value - centre) * (value - centre);
            }

            if (!(mass > 0 && double.IsFinite(second)))
                throw new InputException($"simulator {simulator.PlainName}: the prior of parameter {p} has no mass between " +
                    $"{simulator.Low[p]} " +
                    $"and {simulator.High[p]}");
            mean[p] = (float)(centre + first / mass);
            deviation[p] = (float)Math.Sqrt(second / mass - first / mass * (first / mass));
        }

        return new PriorMoments(mean, deviation, logarithmic);
    }

    /// <summary>Those of the parameters of <paramref name="mask"/>.</summary>
    public PriorMoments Of(ParameterMask mask)
    {
        var indices = mask.Indices();
        return new PriorMoments([.. indices.Select(i => Mean[i])], [.. indices.Select(i => Deviation[i])],
            [.. indices.Select(i => Logarithmic[i])]);
    }

    public static PriorMoments Given(float[] mean, float[] deviation) => Given(mean, deviation, new bool[mean.Length]);

    public static PriorMoments Given(float[] mean, float[] deviation, bool[] logarithmic) => new(mean, deviation, logarithmic);
}
