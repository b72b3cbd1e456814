using Amnre.Engine.Masks;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Histograms;

/// <summary>A histogram that keeps only the cells that hold something, in row-major order: for marginals of so many parameters that
/// their grid fits no memory.</summary>
internal sealed class SparseHistogram : IHistogram
{
    private readonly ushort[] _positions;
    private readonly float[] _masses;

    /// <param name="mask">The parameters of the marginal.</param>
    /// <param name="bins">Cells per dimension, at most 65536.</param>
    /// <param name="positions">(entries, |mask|), row-major; rows ascending and distinct.</param>
    /// <param name="masses">(entries).</param>
    public SparseHistogram(ParameterMask mask, int bins, ushort[] positions, float[] masses)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bins, MaxBins);
        ArgumentOutOfRangeException.ThrowIfNotEqual(positions.LongLength, (long)masses.Length * mask.Count, nameof(positions));
        (Mask, Bins, _positions, _masses) = (mask, bins, positions, masses);
    }

    public static int MaxBins => 1 << 16;

    public ParameterMask Mask { get; }

    public int Bins { get; }

    public ReadOnlySpan<float> Masses => _masses;

    /// <summary>Cell of an entry, one coordinate per parameter.</summary>
    public ReadOnlySpan<ushort> Position(int entry) => _positions.AsSpan(entry * Mask.Count, Mask.Count);

    public Histogram Marginal(ParameterMask mask)
    {
        if (!mask.IsSubsetOf(Mask) || mask.Count == 0) throw new ArgumentException($"{mask} is not a part of {Mask}", nameof(mask));
        var cells = Histogram.CellCount(mask, Bins);
        if (cells == long.MaxValue) throw new ArgumentException($"{Bins}^{mask.Count} cells fit no memory", nameof(mask));
        var strides = Histogram.Strides(Mask, mask, Bins);
        var sums = new double[cells];
        for (var entry = 0; entry < _masses.Length; entry++)
        {
            var position = Position(entry);
            var cell = 0;
            for (var k = 0; k < position.Length; k++) cell += strides[k] * position[k];
            sums[cell] += _masses[entry];
        }

        return new Histogram(mask, Bins, Array.ConvertAll(sums, sum => (float)sum));
    }

    /// <summary>The marginal of a non-empty subset of these parameters, whatever its number of cells.</summary>
    public SparseHistogram Part(ParameterMask mask)
    {
        if (mask == Mask) return this;
        if (!mask.IsSubsetOf(Mask) || mask.Count == 0) throw new ArgumentException($"{mask} is not a part of {Mask}", nameof(mask));
        int[] kept = [.. Mask.Indices().Select((parameter, k) => (parameter, k)).Where(pair => mask[pair.parameter])
            .Select(pair => pair.k)];
        var sums = new SortedDictionary<ushort[], double>(Comparer<ushort[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b)));
        for (var entry = 0; entry < _masses.Length; entry++)
        {
            var whole = Position(entry);
            var part = new ushort[kept.Length];
            for (var k = 0; k < kept.Length; k++) part[k] = whole[kept[k]];
            sums[part] = sums.GetValueOrDefault(part) + _masses[entry];
        }

        return new SparseHistogram(mask, Bins, [.. sums.Keys.SelectMany(part => part)], [.. sums.Values.Select(sum => (float)sum)]);
    }

    public float MassAt(ISimulator simulator, ReadOnlySpan<float> theta)
    {
        var wanted = new ushort[Mask.Count];
        var indices = Mask.Indices();
        for (var k = 0; k < indices.Length; k++)
            wanted[k] = (ushort)CellAxis.Of(simulator, indices[k]).CellOf(theta[indices[k]], Bins);
        return MassAt(wanted);
    }

    /// <summary>Mass of a cell; 0 when it is not listed.</summary>
    public float MassAt(ReadOnlySpan<ushort> position)
    {
        var (low, high) = (0, _masses.Length - 1);
        while (low <= high)
        {
            var middle = low + (high - low) / 2;
            var order = Position(middle).SequenceCompareTo(position);
            if (order == 0) return _masses[middle];
            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return 0;
    }
}
