using Amnre.Engine.Histograms;
using Amnre.Engine.Masks;

namespace Amnre.Engine.Truth;

/// <summary>The true posterior of SLCP: all marginals of one and two parameters as masses of histogram cells, by quadrature.
/// Masses, not densities at centres, since a posterior may be a spike far narrower than a cell.</summary>
internal static class SlcpTruth
{
    private const int Size = 5;

    /// <param name="x">One observation, four points.</param>
    /// <param name="bins">Cells per dimension over [−3, 3).</param>
    /// <returns>Normalised histograms of the 15 masks of one or two parameters.</returns>
    public static IReadOnlyDictionary<ParameterMask, Histogram> Marginals(ReadOnlySpan<float> x, int bins)
    {
        var data = SlcpData.Of(x);
        var weights = new SlcpScaleWeights(data, bins);
        var first = SlcpMeanMarginals.Of(
            data, weights.First, weights.Second, weights.Shape, weights.Row, bins);
        var second = SlcpMeanMarginals.Of(
            data.Exchanged(), weights.Second, weights.First, weights.Shape, (own, other) => weights.Row(other, own), bins);

        var pairs = new Dictionary<(int, int), double[]>
        {
            [(0, 1)] = SlcpMeanPlane.Masses(data, bins),
            [(0, 2)] = Mirrored(first.MeanOwn, bins, rows: false),
            [(0, 3)] = Mirrored(first.MeanOther, bins, rows: false),
            [(0, 4)] = first.MeanShape,
            [(1, 2)] = Mirrored(second.MeanOther, bins, rows: false),
            [(1, 3)] = Mirrored(second.MeanOwn, bins, rows: false),
            [(1, 4)] = second.MeanShape,
            [(2, 3)] = Mirrored(Mirrored(first.OwnOther, bins, rows: true), bins, rows: false),
            [(2, 4)] = Mirrored(first.OwnShape, bins, rows: true),
            [(3, 4)] = Mirrored(first.OtherShape, bins, rows: true),
        };
        var histograms = new Dictionary<ParameterMask, Histogram>();
        foreach (var ((a, b), masses) in pairs)
        {
            var mask = new ParameterMask(1u << a | 1u << b, Size);
            histograms[mask] = Normalised(mask, bins, masses);
        }

        for (var parameter = 0; parameter < Size; parameter++)
        {
            var mask = new ParameterMask(1u << parameter, Size);
            var pair = new ParameterMask(1u << parameter | (parameter == 4 ? 1u << 2 : 1u << 4), Size);
            histograms[mask] = histograms[pair].Marginal(mask);
        }

        return histograms;
    }

    private static Histogram Normalised(ParameterMask mask, int bins, double[] masses)
    {
        var total = masses.Sum();
        return new Histogram(mask, bins, Array.ConvertAll(masses, mass => (float)(mass / total)));
    }

    /// <summary>Spreads the masses of an even parameter, kept on its positive side, over both sides.</summary>
    private static double[] Mirrored(double[] masses, int bins, bool rows)
    {
        var both = new double[masses.Length];
        for (var i = 0; i < bins; i++)
        {
            for (var j = 0; j < bins; j++)
            {
                var half = 0.5 * masses[i * bins + j];
                both[i * bins + j] += half;
                both[rows ? (bins - 1 - i) * bins + j : i * bins + bins - 1 - j] += half;
            }
        }

        return both;
    }
}
