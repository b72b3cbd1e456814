using PureHDF;
using PureHDF.Selections;
using PureHDF.VOL.Native;

namespace Amnre.Engine.Datasets;

/// <summary>Reads a dataset: <c>theta</c> (n, D) and <c>x</c> (n, …), float32, with the moments <c>mu</c> and <c>sigma</c> of x where stored.</summary>
public sealed class SampleFile : IDisposable
{
    private readonly NativeFile _file;
    private readonly IH5Dataset _theta, _x;

    private SampleFile(NativeFile file)
    {
        _file = file;
        (_theta, _x) = (file.Dataset("theta"), file.Dataset("x"));
        Rows = (long)_x.Space.Dimensions[0];
        ThetaSize = (int)_theta.Space.Dimensions[1];
        ObservationShape = [.. _x.Space.Dimensions.Skip(1).Select(size => (int)size)];
        Mu = file.LinkExists("mu") ? file.Dataset("mu").Read<float[]>() : null;
        Sigma = file.LinkExists("sigma") ? file.Dataset("sigma").Read<float[]>() : null;
    }

    public long Rows { get; }

    public int ThetaSize { get; }

    public IReadOnlyList<int> ObservationShape { get; }

    public float[]? Mu { get; }

    public float[]? Sigma { get; }

    /// <exception cref="InputException">The file is missing or no dataset.</exception>
    public static SampleFile Open(string path)
    {
        if (!File.Exists(path)) throw new InputException($"the dataset '{path}' does not exist");
        var file = H5File.OpenRead(path);
        try
        {
            return new SampleFile(file);
        }
        catch (Exception error)
        {
            file.Dispose();
            throw new InputException($"'{path}' is not a dataset with theta and x: {error.Message}", error);
        }
    }

    /// <param name="firstRow">First row to read.</param>
    /// <param name="theta">Receives (n, D); its length decides n.</param>
    /// <param name="x">Receives (n, observation size).</param>
    public void Read(long firstRow, Span<float> theta, Span<float> x)
    {
        var rows = (ulong)(theta.Length / ThetaSize);
        Read(_theta, (ulong)firstRow, rows, theta);
        Read(_x, (ulong)firstRow, rows, x);
    }

    public void Dispose() => _file.Dispose();

    private static void Read(IH5Dataset dataset, ulong first, ulong rows, Span<float> values)
    {
        var sizes = dataset.Space.Dimensions;
        var starts = new ulong[sizes.Length];
        starts[0] = first;
        ulong[] blocks = [rows, .. sizes.Skip(1)];
        dataset.Read<float[]>(fileSelection: new HyperslabSelection(sizes.Length, starts, blocks)).CopyTo(values);
    }
}
