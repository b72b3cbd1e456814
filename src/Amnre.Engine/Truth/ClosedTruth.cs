using Amnre.Engine.Histograms;
using Amnre.Engine.Masks;
using Amnre.Engine.Randomness;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Truth;

/// <summary>Posteriors known in closed form: masses of histogram cells, and independent draws.</summary>
internal static class ClosedTruth
{
    /// <summary>Normalised histogram of the cells of one mask.</summary>
    /// <param name="x">One observation, flattened.</param>
    public static Histogram Marginal(IClosedPosterior simulator, ParameterMask mask, ReadOnlySpan<float> x, int bins)
    {
        var parameters = mask.Indices().ToArray();
        var masses = new double[(int)Histogram.CellCount(mask, bins)];
        foreach (var (component, weight) in simulator.Weights(x).Index())
        {
            double[][] axes = new double[parameters.Length][];
            for (var k = 0; k < axes.Length; k++) axes[k] = Cells(simulator, component, parameters[k], x, bins);
            for (var cell = 0; cell < masses.Length; cell++)
            {
                var product = weight;
                for (var (k, rest) = (axes.Length - 1, cell); k >= 0; k--, rest /= bins) product *= axes[k][rest % bins];
                masses[cell] += product;
            }
        }

        var total = masses.Sum();
        return new Histogram(mask, bins, Array.ConvertAll(masses, mass => (float)(mass / total)));
    }

    /// <summary>Independent draws of all parameters, by the inverse transform.</summary>
    /// <param name="x">One observation, flattened.</param>
    /// <param name="observation">Its index, which names its random numbers.</param>
    /// <returns>(count, D), row-major.</returns>
    public static float[] Draw(IClosedPosterior simulator, ReadOnlySpan<float> x, int observation, int count, ulong seed)
    {
        var size = simulator.ThetaSize;
        var theta = new float[count * size];
        var weights = simulator.Weights(x);
        for (var row = 0; row < count; row++)
        {
            var random = new CounterRandom(seed, RandomPurpose.AnnealedDraws, ((ulong)(uint)observation << 32) + (ulong)row);
            var (component, rest) = (0, random.NextDouble());
            while (component < weights.Count - 1 && rest >= weights[component]) rest -= weights[component++];
            for (var d = 0; d < size; d++)
            {
                var unit = random.NextDouble();
                double low = simulator.Low[d], high = simulator.High[d];
                // Far below the precision of a float.
                for (var i = 0; i < 40; i++)
                {
                    var middle = (low + high) / 2;
                    if (simulator.Below(x, component, d, middle) < unit) low = middle;
                    else high = middle;
                }

                theta[row * size + d] = Math.Min((float)((low + high) / 2), float.BitDecrement(simulator.High[d]));
            }
        }

        return theta;
    }

    private static double[] Cells(IClosedPosterior simulator, int component, int parameter, ReadOnlySpan<float> x, int bins)
    {
        var (low, step) = ((double)simulator.Low[parameter], ((double)simulator.High[parameter] - simulator.Low[parameter]) / bins);
        var (masses, below) = (new double[bins], 0.0);
        for (var i = 0; i < bins; i++)
        {
            var next = simulator.Below(x, component, parameter, low + (i + 1) * step);
            (masses[i], below) = (next - below, next);
        }

        return masses;
    }
}
