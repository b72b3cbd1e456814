using PureHDF;

namespace Amnre.Engine.Datasets;

/// <summary>Writes a samples file of known size, chunk after chunk; the file appears when it is complete. Its bytes are a
/// function of its content and <see cref="ChunkRows"/> alone.</summary>
internal sealed class SampleFileWriter : IDisposable
{
    private readonly AtomicFile _file;
    private readonly H5NativeWriter _writer;
    private readonly ChunkedColumn _theta;
    private readonly ChunkedColumn _x;
    private long _written;

    /// <param name="path">Where the file appears.</param>
    /// <param name="rows">Rows in all, at least 1.</param>
    /// <param name="thetaSize">Number of parameters D.</param>
    /// <param name="observationShape">Shape of one observation.</param>
    /// <param name="chunkRows">Rows in a chunk; clipped to <paramref name="rows"/>.</param>
    public SampleFileWriter(string path, long rows, int thetaSize, IReadOnlyList<int> observationShape, int chunkRows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(chunkRows, 1);
        Rows = rows;
        ChunkRows = (int)Math.Min(chunkRows, rows);
        _theta = new ChunkedColumn(rows, [thetaSize], ChunkRows);
        _x = new ChunkedColumn(rows, observationShape, ChunkRows);
        _file = AtomicFile.Create(path);
        _writer = new H5File { ["theta"] = _theta.Dataset, ["x"] = _x.Dataset }.BeginWrite(_file.Stream);
    }

    public long Rows { get; }

    public int ChunkRows { get; }

    /// <summary>Rows that the next <see cref="Append"/> must bring: a whole chunk, or what is left; 0 at the end.</summary>
    public int NextRows => (int)Math.Min(ChunkRows, Rows - _written);

    /// <param name="theta">(NextRows, D), row-major.</param>
    /// <param name="x">(NextRows, observation size), row-major.</param>
    public void Append(ReadOnlySpan<float> theta, ReadOnlySpan<float> x)
    {
        var rows = NextRows;
        ArgumentOutOfRangeException.ThrowIfNotEqual(theta.Length, rows * _theta.RowSize, nameof(theta));
        ArgumentOutOfRangeException.ThrowIfNotEqual(x.Length, rows * _x.RowSize, nameof(x));
        var index = _written / ChunkRows;
        _theta.WriteChunk(_writer, index, theta);
        _x.WriteChunk(_writer, index, x);
        _written += rows;
    }

    /// <summary>Makes the file appear.</summary>
    public void Complete()
    {
        if (_written != Rows) throw new InvalidOperationException($"{_written} of {Rows} rows were written");
        _writer.Dispose();
        _file.Commit();
    }

    public void Dispose()
    {
        // An unfinished writer would only add its metadata to a file that is about to vanish.
        _file.Dispose();
    }
}
