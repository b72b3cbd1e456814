using Amnre.Engine.Masks;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Histograms;

/// <summary>Masses of a marginal over a grid of the prior's box (<see cref="CellAxis"/>): <c>Bins</c> cells per dimension, row-major,
/// dimensions in the order of the mask.</summary>
internal sealed class Histogram : IHistogram
{
    /// <param name="mask">The parameters of the marginal.</param>
    /// <param name="bins">Cells per dimension.</param>
    /// <param name="values">bins^|mask| masses.</param>
    public Histogram(ParameterMask mask, int bins, float[] values)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.LongLength, CellCount(mask, bins));
        (Mask, Bins, Values) = (mask, bins, values);
    }

    public ParameterMask Mask { get; }

    public int Bins { get; }

    public float[] Values { get; }

    public ReadOnlySpan<float> Masses => Values;

    /// <summary>bins^|mask|, or <see cref="long.MaxValue"/> when that is larger than any array.</summary>
    public static long CellCount(ParameterMask mask, int bins)
    {
        var cells = Math.Pow(bins, mask.Count);
        return cells < int.MaxValue ? (long)cells : long.MaxValue;
    }

    /// <summary>Masses of the parameters of <paramref name="mask"/>, a non-empty subset of this histogram's.</summary>
    public Histogram Marginal(ParameterMask mask)
    {
        if (mask == Mask) return this;
        if (!mask.IsSubsetOf(Mask) || mask.Count == 0)
            throw new ArgumentException($"{mask} is not a part of {Mask}", nameof(mask));

        var strides = Strides(Mask, mask, Bins);
        var sums = new double[CellCount(mask, Bins)];
        var position = new int[strides.Length];
        var target = 0;
        foreach (var value in Values)
        {
            sums[target] += value;
            for (var k = position.Length - 1; k >= 0; k--)
            {
                target += strides[k];
                if (++position[k] < Bins) break;
                target -= strides[k] * Bins;
                position[k] = 0;
            }
        }

        return new Histogram(mask, Bins, [.. sums.Select(sum => (float)sum)]);
    }

    /// <summary>Stride of each dimension of a histogram in the one of a part of its parameters; 0 where it is summed away.</summary>
    public static int[] Strides(ParameterMask whole, ParameterMask part, int bins)
    {
        var indices = whole.Indices();
        var strides = new int[indices.Length];
        for (int k = indices.Length - 1, stride = 1; k >= 0; k--)
        {
            if (!part[indices[k]]) continue;
            (strides[k], stride) = (stride, stride * bins);
        }

        return strides;
    }

    public float MassAt(ISimulator simulator, ReadOnlySpan<float> theta) => Values[CellOf(simulator, theta)];

    /// <summary>Index of the cell that holds <paramref name="theta"/>; values at or beyond a bound belong to the last cell there.</summary>
    /// <param name="simulator">Gives the bounds.</param>
    /// <param name="theta">All D parameters.</param>
    public int CellOf(ISimulator simulator, ReadOnlySpan<float> theta)
    {
        var cell = 0;
        foreach (var parameter in Mask.Indices())
            cell = cell * Bins + CellAxis.Of(simulator, parameter).CellOf(theta[parameter], Bins);
        return cell;
    }
}
