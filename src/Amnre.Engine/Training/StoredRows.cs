using System.Runtime.InteropServices;
using Amnre.Engine.Datasets;
using static TorchSharp.torch;

namespace Amnre.Engine.Training;

/// <summary>Batches of a dataset in chunks of 2^18 rows: each epoch takes the chunks in random order, the rows of a chunk in
/// random order, in batches (the last of a chunk may be short). Only one chunk is held in memory.</summary>
internal sealed class StoredRows : ITrainingRows
{
    public const int StandardChunkRows = 1 << 18;

    private readonly SampleSet _file;
    private readonly int _batchSize, _chunkRows;
    private readonly EpochDraws _draws;
    private readonly Device _device;
    private readonly int _chunks, _fullSteps;

    private (int Chunk, Tensor Theta, Tensor X)? _loaded;
    private (int Epoch, int Chunk, Tensor Rows)? _order;
    private (int Epoch, int[] Chunks)? _chunkOrder;

    /// <param name="file">Owned from now on.</param>
    /// <param name="batchSize">N.</param>
    /// <param name="most">Most batches in an epoch; null for all.</param>
    /// <param name="draws">Names the random orders.</param>
    /// <param name="device">Where batches are wanted.</param>
    /// <param name="chunkRows">Rows held in memory at a time.</param>
    public StoredRows(SampleSet file, int batchSize, int? most, EpochDraws draws, Device device, int chunkRows = StandardChunkRows)
    {
        (_file, _batchSize, _draws, _device, _chunkRows) = (file, batchSize, draws, device, chunkRows);
        _chunks = (int)((file.Rows + _chunkRows - 1) / _chunkRows);
        _fullSteps = StepsOf(_chunkRows);
        var steps = Enumerable.Range(0, _chunks).Sum(chunk => (long)StepsOf(RowsOf(chunk)));
        Steps = (int)Math.Min(steps, most ?? int.MaxValue);
    }

    public int Steps { get; }

    public (Tensor Theta, Tensor X) Batch(int epoch, int step)
    {
        var (chunk, within) = Locate(epoch, step);
        var (_, theta, x) = Load(chunk);
        var first = (long)within * _batchSize;
        var rows = Order(epoch, chunk).narrow(0, first, Math.Min(_batchSize, RowsOf(chunk) - first));
        return (theta.index_select(0, rows), x.index_select(0, rows));
    }

    public void Dispose()
    {
        Forget();
        _order?.Rows.Dispose();
        _file.Dispose();
    }

    private (int Chunk, int Within) Locate(int epoch, int step)
    {
        if (_chunkOrder?.Epoch != epoch)
        {
            int[] order = [.. Enumerable.Range(0, _chunks)];
            var random = _draws.OfOrder(epoch, 0);
            random.Shuffle(order.AsSpan());
            _chunkOrder = (epoch, order);
        }

        foreach (var chunk in _chunkOrder!.Value.Chunks)
        {
            var steps = RowsOf(chunk) == _chunkRows ? _fullSteps : StepsOf(RowsOf(chunk));
            if (step < steps) return (chunk, step);
            step -= steps;
        }

        throw new ArgumentOutOfRangeException(nameof(step));
    }

    private Tensor Order(int epoch, int chunk)
    {
        if (_order is { } known && known.Epoch == epoch && known.Chunk == chunk) return known.Rows;

        _order?.Rows.Dispose();
        var rows = new long[RowsOf(chunk)];
        for (var i = 0; i < rows.Length; i++) rows[i] = i;
        var random = _draws.OfOrder(epoch, 1 + chunk);
        random.Shuffle(rows.AsSpan());
        _order = (epoch, chunk, tensor(rows).to(_device).DetachFromDisposeScope());
        return _order.Value.Rows;
    }

    private (int Chunk, Tensor Theta, Tensor X) Load(int chunk)
    {
        if (_loaded is { } known && known.Chunk == chunk) return known;

        Forget();
        var rows = RowsOf(chunk);
        long size = _file.ObservationShape.Aggregate(1L, (product, length) => product * length);
        var theta = empty(rows, _file.ThetaSize);
        var x = empty(rows, size);
        _file.ReadStandardized((long)chunk * _chunkRows, Floats(theta), Floats(x));
        _loaded = (chunk, theta.to(_device).DetachFromDisposeScope(), x.to(_device).DetachFromDisposeScope());
        return _loaded.Value;
    }

    private void Forget()
    {
        _loaded?.Theta.Dispose();
        _loaded?.X.Dispose();
        _loaded = null;
    }

    private int RowsOf(int chunk) => (int)Math.Min(_chunkRows, _file.Rows - (long)chunk * _chunkRows);

    private int StepsOf(int rows) => (rows + _batchSize - 1) / _batchSize;

    private static Span<float> Floats(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);
}
