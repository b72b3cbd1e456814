using System.Buffers.Binary;
using Amnre.Engine.Rows;
using PureHDF;

namespace Amnre.Engine.SampleFiles;

/// <summary>Writes a samples file of known size, chunk after chunk; the file appears when it is complete. Its bytes are a
/// function of its content, its layout and its origin alone.</summary>
internal sealed class SampleFileWriter : IDisposable
{
    /// <summary>Signature, version, flags and the size of an object header.</summary>
    private const int SizeEnd = 10;

    private readonly AtomicFile _file;
    private readonly H5File _content;
    private readonly H5NativeWriter _writer;
    private readonly ChunkedColumn? _theta;
    private readonly ChunkedColumn _x;
    private readonly H5Dataset<float[]>? _mu, _sigma;
    private readonly RowDigest _digest = new();
    private long _written;

    /// <param name="path">Where the file appears.</param>
    /// <param name="layout">How it is laid out.</param>
    /// <param name="origin">What is known beforehand of where its rows come from; <see cref="Complete"/> brings the rest.</param>
    /// <exception cref="IOException">The disk has no room for the rows, or cannot be written.</exception>
    public SampleFileWriter(string path, SampleLayout layout, SampleOrigin origin)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(layout.Rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(layout.ChunkRows, 1);
        Rows = layout.Rows;
        ChunkRows = (int)Math.Min(layout.ChunkRows, Rows);
        _theta = layout.ThetaSize == 0 ? null : new ChunkedColumn(Rows, [layout.ThetaSize], ChunkRows, layout.Compression);
        _x = new ChunkedColumn(Rows, layout.ObservationShape, ChunkRows, layout.Compression);
        _content = [];
        if (_theta is not null)
        {
            _content["theta"] = _theta.Dataset;
            if (layout.Names is { } names) _theta.Dataset.Attributes[SampleAttributes.Parameters] = names.ToArray();
        }

        _content["x"] = _x.Dataset;
        if (layout.Moments)
        {
            ulong[] shape = [.. layout.ObservationShape.Select(length => (ulong)length)];
            _content["mu"] = _mu = new H5Dataset<float[]>(shape);
            _content["sigma"] = _sigma = new H5Dataset<float[]>(shape);
        }

        SampleAttributes.Set(_content, origin);
        _file = AtomicFile.Create(path, layout.RowBytes);
        try
        {
            _writer = _content.BeginWrite(_file.Stream);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    public long Rows { get; }

    public int ChunkRows { get; }

    /// <summary>Rows that the next <see cref="Append"/> must bring: a whole chunk, or what is left; 0 at the end.</summary>
    public int NextRows => (int)Math.Min(ChunkRows, Rows - _written);

    /// <param name="theta">(NextRows, D), row-major; empty where the file has none.</param>
    /// <param name="x">(NextRows, observation size), row-major.</param>
    public void Append(Memory<float> theta, Memory<float> x)
    {
        var rows = NextRows;
        ArgumentOutOfRangeException.ThrowIfNotEqual(theta.Length, rows * (_theta?.RowSize ?? 0), nameof(theta));
        ArgumentOutOfRangeException.ThrowIfNotEqual(x.Length, rows * _x.RowSize, nameof(x));
        var index = _written / ChunkRows;
        var digest = _digest.AddAsync(theta, x);
        try
        {
            AtomicFile.Fill(() =>
            {
                _theta?.WriteChunk(_writer, index, theta);
                _x.WriteChunk(_writer, index, x);
            });
        }
        finally
        {
            digest.GetAwaiter().GetResult();
        }

        _written += rows;
    }

    /// <summary>Makes the file appear.</summary>
    /// <param name="origin">As announced, with the rows and their digests as they turned out.</param>
    /// <param name="moments">Given exactly when the layout has them.</param>
    /// <returns><paramref name="origin"/> with the digests of what was written.</returns>
    public SampleOrigin Complete(SampleOrigin origin, ObservationMoments? moments)
    {
        if (_written != Rows) throw new InvalidOperationException($"{_written} of {Rows} rows were written");
        if (_mu is not null && _sigma is not null)
        {
            ArgumentNullException.ThrowIfNull(moments);
            _writer.Write(_mu, [.. moments.Mu]);
            _writer.Write(_sigma, [.. moments.Sigma]);
        }

        var (theta, x) = _digest.Take();
        origin = origin with { ThetaDigest = theta, XDigest = x };
        _writer.Dispose();
        RewriteHeader(origin);
        _file.Commit();
        return origin;
    }

    public void Dispose()
    {
        // An unfinished writer would only add its metadata to a file that is about to vanish.
        _digest.Dispose();
        _file.Dispose();
    }

    /// <summary>PureHDF lays attributes down before the rows are known. So the head of the file is laid out once more, into a
    /// scratch file, and the header of its root group, which holds the attributes and is laid down last, is put in place.</summary>
    private void RewriteHeader(SampleOrigin origin)
    {
        SampleAttributes.Set(_content, origin);
        using var scratch = _file.Scratch();
        _content.BeginWrite(scratch);
        scratch.Flush();

        // HDF5 File Format Specification 3.0, II.B: superblock version 3 has the root group's address at byte 36.
        Span<byte> field = stackalloc byte[sizeof(long)];
        _file.Stream.Position = 36;
        _file.Stream.ReadExactly(field);
        var root = BinaryPrimitives.ReadInt64LittleEndian(field);
        var (before, after) = (new byte[scratch.Length - root], new byte[scratch.Length - root]);
        _file.Stream.Position = scratch.Position = root;
        _file.Stream.ReadExactly(before);
        scratch.ReadExactly(after);
        if (!before.AsSpan().StartsWith("OHDR"u8) || !before.AsSpan(0, SizeEnd).SequenceEqual(after.AsSpan(0, SizeEnd)))
            throw new InvalidOperationException("the library laid the root group out in another place or size the second time");
        _file.Stream.Position = root;
        _file.Stream.Write(after);
    }
}
