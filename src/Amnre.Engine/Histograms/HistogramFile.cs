using Amnre.Engine.Checkpoints;
using Amnre.Engine.Masks;

namespace Amnre.Engine.Histograms;

/// <summary>Histograms on disk as the original exports them: <c>torch.save</c> of a tuple of the mask (bool) and the masses (float32,
/// one dimension per parameter, dense or in coordinate form); where parameters have logarithmic cells, which the original does not
/// know, with a third item, the mask of these (bool).</summary>
internal static class HistogramFile
{
    public const string Extension = ".pth";

    /// <summary><c>3_00110.pth</c> for observation row 3 and mask 00110.</summary>
    public static string NameOf(int row, ParameterMask mask) => $"{row}_{mask}{Extension}";

    /// <summary>Writes one of cells of equal width.</summary>
    /// <inheritdoc cref="Write(string, IHistogram, ParameterMask)"/>
    public static void Write(string path, IHistogram histogram) => Write(path, histogram, new ParameterMask(0, histogram.Mask.Size));

    /// <param name="path">The file.</param>
    /// <param name="histogram">What it holds.</param>
    /// <param name="logarithmic">The parameters whose cells are logarithmic.</param>
    /// <exception cref="InputException">The cells are too many for one file.</exception>
    public static void Write(string path, IHistogram histogram, ParameterMask logarithmic) =>
        TorchArchive.Write(path, new TorchValue.Sequence(
            [
                Flags(histogram.Mask),
                histogram is SparseHistogram sparse
                    ? Coordinates(path, sparse)
                    : new TorchValue.Dense(StoredTensor.Of(histogram.Masses, Shape(histogram))),
                .. logarithmic.Count == 0 ? [] : (TorchValue[])[Flags(logarithmic)],
            ],
            fixedSize: true));

    /// <summary>Reads one whose cells' kind does not matter.</summary>
    /// <inheritdoc cref="Read(string, out ParameterMask)"/>
    public static IHistogram Read(string path) => Read(path, out _);

    /// <param name="path">The file.</param>
    /// <param name="logarithmic">The parameters whose cells are logarithmic.</param>
    /// <exception cref="InputException">Missing, damaged, or not a histogram.</exception>
    public static IHistogram Read(string path, out ParameterMask logarithmic)
    {
        if (!File.Exists(path)) throw new InputException($"histogram '{path}': there is no such file");
        if (TorchArchive.Read(path) is not TorchValue.Sequence { Items: { Count: 2 or 3 } items }
            || items[0] is not TorchValue.Dense { Tensor: { Type: ElementType.Bool, Shape.Count: 1 } flags })
            throw new InputException($"'{path}' is no histogram: expected a tuple of a mask and a tensor of masses");
        if (flags.Shape[0] is < 1 or > ParameterMask.MaxSize)
            throw new InputException(
                $"histogram '{path}' has a mask of {flags.Shape[0]} parameters: from 1 to {ParameterMask.MaxSize} can be read");
        var mask = Mask(flags);
        logarithmic = (items.Count == 3 ? items[2] : null) switch
        {
            null => new ParameterMask(0, mask.Size),
            TorchValue.Dense { Tensor: { Type: ElementType.Bool, Shape: [var length] } marked }
                when length == mask.Size && Mask(marked).IsSubsetOf(mask) => Mask(marked),
            _ => throw new InputException($"histogram '{path}': its third item does not say which parameters of mask {mask} have " +
                "logarithmic cells"),
        };
        return items[1] switch
        {
            TorchValue.Dense { Tensor.Type: ElementType.Float32 } dense =>
                new Histogram(mask, Bins(path, mask, dense.Tensor.Shape), dense.Tensor.Values<float>().ToArray()),
            TorchValue.Sparse { Values.Type: ElementType.Float32 } sparse => Read(mask, Bins(path, mask, sparse.Shape), sparse),
            _ => throw new InputException($"histogram '{path}': its masses are not float32"),
        };
    }

    private static TorchValue.Dense Flags(ParameterMask mask) =>
        new(StoredTensor.Of<bool>([.. Enumerable.Range(0, mask.Size).Select(i => mask[i])]));

    private static ParameterMask Mask(StoredTensor flags) =>
        new(flags.Bytes.Index().Aggregate(0u, (bits, flag) => flag.Item != 0 ? bits | 1u << flag.Index : bits), flags.Bytes.Length);

    private static long[] Shape(IHistogram histogram) => [.. Enumerable.Repeat((long)histogram.Bins, histogram.Mask.Count)];

    private static TorchValue.Sparse Coordinates(string path, SparseHistogram histogram)
    {
        var (entries, size) = (histogram.Masses.Length, histogram.Mask.Count);
        if ((long)entries * size > Array.MaxLength / sizeof(long))
            throw new InputException($"histogram '{path}' has {entries} cells of {size} coordinates, more than a file can hold: draw " +
                "fewer samples, or use fewer bins");
        var indices = new long[entries * size];
        for (var entry = 0; entry < entries; entry++)
        {
            var position = histogram.Position(entry);
            for (var k = 0; k < size; k++) indices[k * entries + entry] = position[k];
        }

        return new TorchValue.Sparse(
            StoredTensor.Of<long>(indices, size, entries), StoredTensor.Of(histogram.Masses, entries), Shape(histogram));
    }

    private static int Bins(string path, ParameterMask mask, IReadOnlyList<long> shape) =>
        mask.Count > 0 && shape.Count == mask.Count && shape[0] is >= 1 and <= int.MaxValue && shape.All(length => length == shape[0])
            ? (int)shape[0]
            : throw new InputException($"histogram '{path}': masses of shape ({string.Join(", ", shape)}) do not fit mask {mask}: " +
                "expected as many bins for each of its parameters");

    private static SparseHistogram Read(ParameterMask mask, int bins, TorchValue.Sparse sparse)
    {
        if (bins > SparseHistogram.MaxBins)
            throw new InputException($"a sparse histogram of {bins} bins: at most {SparseHistogram.MaxBins} can be read");
        var (entries, size) = ((int)sparse.Indices.Shape[1], mask.Count);
        var indices = sparse.Indices.Values<long>();
        var rows = new ushort[entries][];
        for (var entry = 0; entry < entries; entry++)
        {
            rows[entry] = new ushort[size];
            for (var k = 0; k < size; k++) rows[entry][k] = (ushort)indices[k * entries + entry];
        }

        var values = sparse.Values.Values<float>().ToArray();
        // Files of others may list cells in any order.
        Array.Sort(rows, values, Comparer<ushort[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b)));
        var positions = new ushort[entries * size];
        for (var entry = 0; entry < entries; entry++) rows[entry].CopyTo(positions, entry * size);
        return new SparseHistogram(mask, bins, positions, values);
    }
}
