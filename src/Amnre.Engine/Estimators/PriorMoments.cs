using Amnre.Engine.Masks;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Estimators;

/// <summary>Mean and standard deviation of each parameter under the prior, or of its logarithm where its scale is
/// logarithmic.</summary>
/// <remarks>By quadrature of each parameter's marginal density over its support (midpoints). The original estimates them from
/// 2^18 draws, which agrees to about 1/500 of a deviation but costs as many simulations where prior and simulator are one.</remarks>
internal sealed class PriorMoments
{
    private const int Points = 1 << 14;

    /// <summary>By which densities of a uniform prior may differ: single precision rounds a logarithm.</summary>
    private const double MaxUneven = 1e-4;

    private PriorMoments(float[] mean, float[] deviation, bool[] logarithmic, bool[] uniform) =>
        (Mean, Deviation, Logarithmic, Uniform) = (mean, deviation, logarithmic, uniform);

    public float[] Mean { get; }

    public float[] Deviation { get; }

    /// <summary>Parameters whose logarithm is meant, which estimators see instead.</summary>
    public bool[] Logarithmic { get; }

    /// <summary>Parameters whose prior is uniform, in the logarithm where that is meant.</summary>
    public bool[] Uniform { get; }

    /// <summary>Number of parameters, D.</summary>
    public int Size => Mean.Length;

    public static PriorMoments Of(ISimulator simulator)
    {
        var size = simulator.ThetaSize;
        var (mean, deviation, logarithmic, uniform) = (new float[size], new float[size], LogarithmicOf(simulator), new bool[size]);
        for (var p = 0; p < size; p++)
        {
            var mask = new ParameterMask(1u << p, size);
            double Seen(double value) => logarithmic[p] ? Math.Log(value) : value;
            double low = Seen(simulator.Low[p]), width = (Seen(simulator.High[p]) - low) / Points;
            double mass = 0, first = 0, second = 0, least = double.PositiveInfinity, most = 0;
            var centre = low + width * Points / 2;
            for (var i = 0; i < Points; i++)
            {
                var value = low + (i + 0.5) * width;
                var density = logarithmic[p]
                    ? Math.Exp(simulator.LogPrior(mask, [(float)Math.Exp(value)]) + value)
                    : Math.Exp(simulator.LogPrior(mask, [(float)value]));
                (least, most) = (Math.Min(least, density), Math.Max(most, density));
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
            uniform[p] = most - least <= MaxUneven * most;
        }

        return new PriorMoments(mean, deviation, logarithmic, uniform);
    }

    /// <summary>Those of the parameters of <paramref name="mask"/>.</summary>
    public PriorMoments Of(ParameterMask mask)
    {
        var indices = mask.Indices();
        return new PriorMoments(
            [.. indices.Select(i => Mean[i])], [.. indices.Select(i => Deviation[i])], [.. indices.Select(i => Logarithmic[i])],
            [.. indices.Select(i => Uniform[i])]);
    }

    public static PriorMoments Given(float[] mean, float[] deviation) => Given(mean, deviation, new bool[mean.Length]);

    public static PriorMoments Given(float[] mean, float[] deviation, bool[] logarithmic) =>
        new(mean, deviation, logarithmic, new bool[mean.Length]);

    /// <summary>Parameters whose scale is logarithmic.</summary>
    public static bool[] LogarithmicOf(ISimulator simulator) =>
        [.. Enumerable.Range(0, simulator.ThetaSize).Select(simulator.IsLogarithmic)];
}
