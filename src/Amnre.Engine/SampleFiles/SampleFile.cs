using Amnre.Engine.Hdf5;
using Amnre.Engine.Rows;

namespace Amnre.Engine.SampleFiles;

/// <summary>Simulated pairs in an HDF5 file: <c>theta</c> (n, D) and <c>x</c> (n, …), float32, and for some simulators the
/// moments <c>mu</c>, <c>sigma</c> of x. Reads what other programs wrote as well, however it lies in the file. For one thread at a
/// time.</summary>
public sealed class SampleFile : IDisposable
{
    private readonly string _path;
    private readonly Hdf5File _file;
    private readonly RowDataset? _theta;
    private readonly RowDataset _x;

    private SampleFile(string path, Hdf5File file)
    {
        (_path, _file) = (path, file);
        _x = Find("x") ?? throw new InputException("it has no dataset 'x'");
        _theta = Find("theta");
        if (_theta is not null && (_theta.RowShape.Count != 1 || _theta.Rows != _x.Rows))
            throw new InputException(
                $"'theta' is ({string.Join(", ", [_theta.Rows, .. _theta.RowShape])}) but 'x' has {_x.Rows} rows: theta must be (rows, " +
                    "parameters)");
        Moments = (Moment("mu"), Moment("sigma")) switch
        {
            ({ } mu, { } sigma) => new ObservationMoments(mu, sigma),
            (null, null) => null,
            _ => throw new InputException("it has only one of 'mu' and 'sigma': make it with both, or neither"),
        };
        if (Moments?.Sigma.Any(value => !(value > 0 && float.IsFinite(value))) == true)
            throw new InputException(
                "a value of 'sigma' is not a positive number, so x cannot be standardised: make it again from more rows");
        if (Moments?.Mu.Any(value => !float.IsFinite(value)) == true)
            throw new InputException("a value of 'mu' is not a finite number, so x cannot be standardised: make it again from finite rows");
        Origin = SampleAttributes.Read(file.Attributes);
        Claim = SampleAttributes.SimulatorOf(file.Attributes);
        if (_theta is null || file.Dataset("theta").Attributes is not { } about || !about.Has(SampleAttributes.Parameters)) return;
        Labels = about.Texts(SampleAttributes.Parameters);
        if (Labels.Count != ThetaSize)
            throw new InputException(
                $"attribute '{SampleAttributes.Parameters}' of 'theta' names {Labels.Count} parameters, and a row has {ThetaSize}");
    }

    public string Path => _path;

    public long Rows => _x.Rows;

    /// <summary>Number of parameters D; 0 when the file has observations only.</summary>
    public int ThetaSize => _theta?.RowSize ?? 0;

    /// <summary>Shape of one observation.</summary>
    public IReadOnlyList<int> ObservationShape => _x.RowShape;

    /// <summary>Mean and standard deviation of x to standardise with, flattened; null when the file has none.</summary>
    public ObservationMoments? Moments { get; }

    /// <summary>Where the rows come from; null for files of other programs.</summary>
    public SampleOrigin? Origin { get; }

    /// <summary>Its attribute <c>simulator</c>, whoever wrote it; null where there is none.</summary>
    internal string? Claim { get; }

    /// <summary>Names of the columns of theta; null where the file says none.</summary>
    internal IReadOnlyList<string>? Labels { get; }

    /// <exception cref="InputException">Missing, cut short, or not a file of samples.</exception>
    public static SampleFile Open(string path) => Explained(path, () =>
    {
        if (!File.Exists(path)) throw new InputException("there is no such file");
        var file = Hdf5File.Open(path);
        try
        {
            return new SampleFile(path, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    });

    /// <summary>Reads rows [<paramref name="firstRow"/>, firstRow + n).</summary>
    /// <param name="firstRow">First row.</param>
    /// <param name="theta">Receives (n, D), row-major; empty to leave theta out.</param>
    /// <param name="x">Receives (n, observation size), row-major; empty to leave x out.</param>
    /// <exception cref="InputException">The file is damaged, or does not have these rows.</exception>
    public void Read(long firstRow, Span<float> theta, Span<float> x)
    {
        if (theta.Length > 0)
        {
            if (_theta is null) throw new InputException($"samples file '{_path}': it has no dataset 'theta'");
            Read(_theta, firstRow, theta);
        }

        if (x.Length > 0) Read(_x, firstRow, x);
    }

    /// <summary>Lets go of what was kept for the next reading of rows near the last ones.</summary>
    internal void Forget()
    {
        _theta?.Forget();
        _x.Forget();
    }

    public void Dispose() => _file.Dispose();

    private void Read(RowDataset rows, long firstRow, Span<float> values)
    {
        var count = values.Length / rows.RowSize;
        if (count * rows.RowSize != values.Length) throw new ArgumentException($"rows have {rows.RowSize} values", nameof(values));
        if (firstRow < 0 || firstRow + count > rows.Rows)
            throw new InputException(
                $"samples file '{_path}': rows {firstRow} to {firstRow + count - 1} were asked for, but it has {rows.Rows} rows");
        try
        {
            rows.Read(firstRow, values);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            throw Invalid(_path, error);
        }
    }

    private RowDataset? Find(string name) => _file.Has(name) ? new RowDataset(_file.Dataset(name)) : null;

    private float[]? Moment(string name)
    {
        if (!_file.Has(name)) return null;
        var dataset = _file.Dataset(name);
        var size = dataset.Dimensions.Aggregate(1L, (product, length) => checked(product * length));
        return size == _x.RowSize
            ? dataset.Singles()
            : throw new InputException($"dataset '{name}' has {size} values, but an observation has {_x.RowSize}");
    }

    // Damage may show as any exception, such as an overflow; all of them are validation errors of the file,
    // even to have no memory, since what describes the rows is small.
    private static T Explained<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error)
        {
            throw Invalid(path, error);
        }
    }

    private static InputException Invalid(string path, Exception error) =>
        new($"samples file '{path}': {(error is InputException ? error.Message : "it cannot be read, " + error.Message)}", error);
}
