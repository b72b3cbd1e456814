using Amnre.Engine.Hdf5Structures;

namespace Amnre.Engine.Hdf5Values;

/// <summary>Values that lie one after the other: in the header, or at one place of the file, or nowhere because none was ever
/// written.</summary>
internal sealed class PlainValues : IValues
{
    private readonly FileBytes _file;
    private readonly byte[]? _compact, _fill;
    private readonly ulong _address;
    private readonly long _rowBytes;
    private readonly string _dataset;

    /// <param name="file">The file.</param>
    /// <param name="layout">Compact or contiguous.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="rowBytes">Bytes of a row.</param>
    /// <param name="fill">Bytes of a value that was never written; null where the file leaves it open.</param>
    /// <param name="dataset">Its name.</param>
    /// <exception cref="InputException">The file holds fewer bytes for them than they are.</exception>
    public PlainValues(FileBytes file, DataLayout layout, long rows, long rowBytes, byte[]? fill, string dataset)
    {
        (_file, _compact, _address, _rowBytes, _fill, _dataset) = (file, layout.Compact, layout.Address, rowBytes, fill, dataset);
        var bytes = checked((ulong)(rows * rowBytes));
        var there = _compact is null ? layout.Length : (ulong)_compact.Length;
        if (there < bytes && (_compact is not null || !file.IsUndefined(_address)))
            throw new InputException($"dataset '{dataset}' has {bytes} bytes, but {there} of them are in the file: it is damaged");
    }

    public void Read(long firstRow, Span<byte> target)
    {
        var offset = checked(firstRow * _rowBytes);
        if (_compact is not null) _compact.AsSpan(checked((int)offset), target.Length).CopyTo(target);
        else if (!_file.IsUndefined(_address)) _file.Read(_address + (ulong)offset, target);
        else Fill(target, _fill, _dataset);
    }

    public void Forget()
    {
    }

    /// <summary>What values are that were never written.</summary>
    /// <exception cref="InputException">The file leaves it open.</exception>
    public static void Fill(Span<byte> target, byte[]? fill, string dataset)
    {
        if (fill is null)
            throw new InputException(
                $"values of dataset '{dataset}' were never written, and the file does not say what they are then: write them");
        if (!fill.AsSpan().ContainsAnyExcept((byte)0))
        {
            target.Clear();
            return;
        }

        for (; target.Length > 0; target = target[fill.Length..]) fill.CopyTo(target);
    }
}
