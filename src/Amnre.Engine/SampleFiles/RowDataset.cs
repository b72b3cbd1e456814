using Amnre.Engine.Hdf5;

namespace Amnre.Engine.SampleFiles;

/// <summary>A dataset of rows, (n, …), whose numbers float32 holds exactly.</summary>
internal sealed class RowDataset
{
    private readonly Hdf5Dataset _dataset;

    /// <exception cref="InputException">Not rows of such numbers.</exception>
    public RowDataset(Hdf5Dataset dataset)
    {
        _dataset = dataset;
        var (name, type, dimensions) = (dataset.Name, dataset.Type, dataset.Dimensions);
        if (!type.FitsSingle)
            throw new InputException($"dataset '{name}' holds {type.Name}, " +
                $"{(type.IsNumber ? "which float32 does not hold exactly" : "not numbers that are read here")}: make it float32, in h5py " +
                $"by {name}.astype('f4')");
        if (dimensions.Length < 1) throw new InputException($"dataset '{name}' is a scalar: its first dimension must count rows");
        RowShape = [.. dimensions.Skip(1).Select(length => checked((int)length))];
        RowSize = RowShape.Aggregate(1, (a, b) => checked(a * b));
        if (RowSize == 0)
            throw new InputException($"dataset '{name}' is ({string.Join(", ", dimensions)}): its rows hold no values, make it again");
        if (Rows == 0) throw new InputException($"dataset '{name}' has no rows: make it again");
    }

    public long Rows => _dataset.Rows;

    public IReadOnlyList<int> RowShape { get; }

    public int RowSize { get; }

    /// <summary>Reads rows [<paramref name="firstRow"/>, firstRow + n).</summary>
    /// <param name="firstRow">First row.</param>
    /// <param name="values">Receives (n, RowSize), row-major; its length decides n.</param>
    public void Read(long firstRow, Span<float> values) => _dataset.Read(firstRow, values);

    /// <summary>Lets go of what was kept for the next reading.</summary>
    public void Forget() => _dataset.Forget();
}
