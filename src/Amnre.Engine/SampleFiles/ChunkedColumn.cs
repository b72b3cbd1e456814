using PureHDF;
using PureHDF.Selections;
using PureHDF.VOL.Native;

namespace Amnre.Engine.SampleFiles;

/// <summary>One float32 dataset (n, …) of a file being written, in chunks of whole rows.</summary>
internal sealed class ChunkedColumn
{
    private readonly ChunkSink _sink;
    private readonly int _rank;
    private readonly int _chunkRows;

    /// <param name="rows">Rows in all.</param>
    /// <param name="rowShape">Shape of one row.</param>
    /// <param name="chunkRows">Rows in a chunk, at most <paramref name="rows"/>.</param>
    /// <param name="compression">Level of deflate, after a shuffle: 1 to 9, or 0 for none.</param>
    public ChunkedColumn(long rows, IReadOnlyList<int> rowShape, int chunkRows, int compression)
    {
        RowSize = rowShape.Aggregate(1, (a, b) => checked(a * b));
        (_rank, _chunkRows) = (1 + rowShape.Count, chunkRows);
        _sink = new ChunkSink(checked(chunkRows * RowSize * sizeof(float)), filtered: compression > 0);
        Dataset = new H5Dataset<float[]>(
            [(ulong)rows, .. rowShape.Select(length => (ulong)length)],
            chunks: [(uint)chunkRows, .. rowShape.Select(length => (uint)length)],
            datasetCreation: new H5DatasetCreation(ChunkCache: _sink, Filters: DeflateLevels.Pipeline(compression)));
    }

    public H5Dataset<float[]> Dataset { get; }

    public int RowSize { get; }

    /// <param name="writer">Writer of the file that holds <see cref="Dataset"/>.</param>
    /// <param name="index">Index of the chunk.</param>
    /// <param name="rows">Its rows; the last chunk may have fewer.</param>
    public void WriteChunk(H5NativeWriter writer, long index, Memory<float> rows)
    {
        // One element is written through PureHDF; the sink catches the chunk's buffer and writer on the way.
        var (starts, ones) = (new ulong[_rank], new ulong[_rank]);
        starts[0] = (ulong)(index * _chunkRows);
        Array.Fill(ones, 1ul);
        writer.Write(Dataset, [0f], fileSelection: new HyperslabSelection(_rank, starts, ones));
        _sink.Write(rows);
    }
}
