using System.Runtime.InteropServices;
using Amnre.Engine.Checkpoints;
using Amnre.Engine.Rows;
using Amnre.Engine.SampleFiles;
using Amnre.Engine.Simulators;
using static TorchSharp.torch;

namespace Amnre.Engine.TrainingRows;

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

    private readonly ILiveNoise? _noise;

    private (int Chunk, float[] Theta, float[] X)? _loaded;
    private (int Epoch, int Chunk, int[] Rows)? _order;
    private (int Epoch, int[] Chunks)? _chunkOrder;

    // Read by the training's thread while another makes the next batch.
    private volatile string? _firstNonFinite;

    /// <param name="file">Owned from now on.</param>
    /// <param name="batchSize">N.</param>
    /// <param name="most">Most batches in an epoch; null for all.</param>
    /// <param name="draws">Names the random orders.</param>
    /// <param name="device">Where batches are wanted.</param>
    /// <param name="chunkRows">Rows held in memory at a time.</param>
    /// <param name="noise">Adds noise to every batch; null for none.</param>
    public StoredRows(
        SampleSet file, int batchSize, int? most, EpochDraws draws, Device device, int chunkRows = StandardChunkRows,
        ILiveNoise? noise = null)
    {
        _noise = noise;
        (_file, _batchSize, _draws, _device, _chunkRows) = (file, batchSize, draws, device, chunkRows);
        _chunks = (int)((file.Rows + _chunkRows - 1) / _chunkRows);
        _fullSteps = StepsOf(_chunkRows);
        var steps = Enumerable.Range(0, _chunks).Sum(chunk => (long)StepsOf(RowsOf(chunk)));
        Steps = (int)Math.Min(steps, most ?? int.MaxValue);
    }

    public int Steps { get; }

    /// <summary>Whose prior all theta are within; null to leave that unchecked.</summary>
    public ISimulator? Prior { get; init; }

    public string? FirstNonFinite => _firstNonFinite;

    /// <summary>Rows of a chunk that takes no more memory than <paramref name="bytes"/>, nor more numbers than an array holds: a power of
    /// two, at most the standard.</summary>
    public static int ChunkWithin(long bytes, long rowBytes)
    {
        var rows = StandardChunkRows;
        while (rows > 1 && rows * rowBytes > Math.Min(bytes, (long)Array.MaxLength * sizeof(float))) rows /= 2;
        return rows;
    }

    public (Tensor Theta, Tensor X) Batch(int epoch, int step)
    {
        var (chunk, within) = Locate(epoch, step);
        var (_, theta, x) = Load(chunk);
        var first = within * _batchSize;
        var rows = Order(epoch, chunk).AsSpan(first, Math.Min(_batchSize, RowsOf(chunk) - first));
        var (thetas, xs) = (Gathered(theta, rows), Gathered(x, rows));
        if (_noise is not null)
        {
            var draws = _draws.OfNoise(epoch, step);
            _noise.AddNoise(ref draws, Floats(xs));
        }

        if (_firstNonFinite is null && NonFiniteRows.First(Floats(thetas), Floats(xs), rows.Length) is var (row, value))
            _firstNonFinite = $"{_file.Describe((long)chunk * _chunkRows + rows[row])}, where {value}";
        return (thetas.to(_device), xs.to(_device));
    }

    public void Dispose() => _file.Dispose();

    /// <summary>The given rows of a chunk, (N, size).</summary>
    private Tensor Gathered(float[] chunk, ReadOnlySpan<int> rows)
    {
        var size = chunk.Length / RowsOf(_loaded!.Value.Chunk);
        var batch = empty(rows.Length, size);
        var values = Floats(batch);
        for (var i = 0; i < rows.Length; i++) chunk.AsSpan(rows[i] * size, size).CopyTo(values[(i * size)..]);
        return batch;
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

    private int[] Order(int epoch, int chunk)
    {
        if (_order is { } known && known.Epoch == epoch && known.Chunk == chunk) return known.Rows;

        int[] rows = [.. Enumerable.Range(0, RowsOf(chunk))];
        var random = _draws.OfOrder(epoch, 1 + chunk);
        random.Shuffle(rows.AsSpan());
        _order = (epoch, chunk, rows);
        return rows;
    }

    private (int Chunk, float[] Theta, float[] X) Load(int chunk)
    {
        if (_loaded is { } known && known.Chunk == chunk) return known;

        var rows = RowsOf(chunk);
        var size = _file.ObservationSize;
        // The arrays of the last chunk serve again, so that there is never memory for two.
        var (theta, x) = _loaded is { } last && last.Theta.Length == rows * _file.ThetaSize
            ? (last.Theta, last.X)
            : (new float[rows * _file.ThetaSize], new float[rows * size]);
        _loaded = null;
        _file.ReadStandardized((long)chunk * _chunkRows, theta, x);
        if (Prior is not null) DatasetMatch.RequireSupport(_file, Prior, (long)chunk * _chunkRows, theta);
        _loaded = (chunk, theta, x);
        return _loaded.Value;
    }

    private int RowsOf(int chunk) => (int)Math.Min(_chunkRows, _file.Rows - (long)chunk * _chunkRows);

    private int StepsOf(int rows) => (rows + _batchSize - 1) / _batchSize;

    private static Span<float> Floats(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);
}
