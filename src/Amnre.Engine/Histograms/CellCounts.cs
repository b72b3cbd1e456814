using System.Numerics;
using Amnre.Engine.Masks;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Histograms;

/// <summary>Counts samples by the cells of a grid that is too large to keep.</summary>
internal abstract class CellCounts
{
    /// <exception cref="InputException">The grid has more than 2^128 cells, or dimensions of more than 65536.</exception>
    public static CellCounts Of(ISimulator simulator, ParameterMask mask, int bins)
    {
        var bits = mask.Count * Math.Log2(bins);
        if (bits > 127.9 || bins > SparseHistogram.MaxBins)
            throw new InputException($"mask {mask} with {bins} bins has too many cells to number: use fewer bins");
        return bits < 63.9 ? new Numbered<ulong>(simulator, mask, bins) : new Numbered<UInt128>(simulator, mask, bins);
    }

    /// <param name="theta">(n, |mask|), within the bounds.</param>
    public abstract void Add(ReadOnlySpan<float> theta);

    /// <summary>The counts as masses of sum 1; empty where nothing was counted.</summary>
    public abstract SparseHistogram Normalised();

    /// <summary>Counts of cells, each the number that its coordinates are the digits of.</summary>
    public static SparseHistogram Normalised<T>(SortedCounts<T> counted, ParameterMask mask, int bins) where T : struct, IBinaryInteger<T>
    {
        var (keys, counts) = counted.Settled();
        var (size, scale) = (mask.Count, T.CreateChecked(bins));
        var total = counts.Sum(count => (long)count);
        var positions = new ushort[(long)keys.Length * size];
        for (var entry = 0; entry < keys.Length; entry++)
        {
            var rest = keys[entry];
            for (var k = size - 1; k >= 0; k--)
            {
                (rest, var place) = T.DivRem(rest, scale);
                positions[(long)entry * size + k] = ushort.CreateTruncating(place);
            }
        }

        return new SparseHistogram(mask, bins, positions, Array.ConvertAll(counts, count => (float)((double)count / total)));
    }

    private sealed class Numbered<T>(ISimulator simulator, ParameterMask mask, int bins) : CellCounts
        where T : struct, IBinaryInteger<T>
    {
        private readonly CellAxis[] _axes = [.. mask.Indices().Select(parameter => CellAxis.Of(simulator, parameter))];
        private readonly SortedCounts<T> _counts = new();

        public override void Add(ReadOnlySpan<float> theta)
        {
            var scale = T.CreateChecked(bins);
            for (var row = 0; row < theta.Length; row += _axes.Length)
            {
                var key = T.Zero;
                for (var k = 0; k < _axes.Length; k++)
                    key = key * scale + T.CreateTruncating(_axes[k].CellOf(theta[row + k], bins));
                _counts.Add(key);
            }
        }

        public override SparseHistogram Normalised() => Normalised(_counts, mask, bins);
    }
}
