using System.IO.Compression;
using PureHDF.Filters;

namespace Amnre.Engine.SampleFiles;

/// <summary>HDF5's deflate filter (1) with all its levels; PureHDF's own knows only 0, 1 and 9.</summary>
internal sealed class DeflateLevels : IH5Filter
{
    private static readonly DeflateLevels Registered = Register();

    public ushort FilterId => DeflateFilter.Id;

    public string Name => "deflate";

    /// <summary>Shuffle and deflate at <paramref name="level"/> (1 to 9); null at 0, which stores rows as they are.</summary>
    public static List<H5Filter>? Pipeline(int level) => level == 0
        ? null
        : [ShuffleFilter.Id, new H5Filter(Registered.FilterId, new() { [DeflateFilter.COMPRESSION_LEVEL] = level })];

    public uint[] GetParameters(uint[] chunkDimensions, uint typeSize, Dictionary<string, object>? options) =>
        [(uint)(int)(options ?? throw new ArgumentNullException(nameof(options)))[DeflateFilter.COMPRESSION_LEVEL]];

    public Memory<byte> Filter(FilterInfo info)
    {
        using var result = new MemoryStream(info.ChunkSize);
        if (info.Flags.HasFlag(H5FilterFlags.Decompress))
        {
            using var source = new MemoryStream(info.Buffer.ToArray());
            using var inflated = new ZLibStream(source, CompressionMode.Decompress);
            inflated.CopyTo(result);
        }
        else
        {
            using var deflated = new ZLibStream(result, new ZLibCompressionOptions { CompressionLevel = (int)info.Parameters[0] },
                leaveOpen: true);
            deflated.Write(info.Buffer.Span);
        }

        return result.GetBuffer().AsMemory(0, (int)result.Length);
    }

    private static DeflateLevels Register()
    {
        var filter = new DeflateLevels();
        H5Filter.Register(filter);
        return filter;
    }
}
