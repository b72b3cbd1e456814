using Amnre.Engine.Hdf5Structures;

namespace Amnre.Engine.Hdf5Values;

/// <summary>A run of elements of an array in the file, whole or in pages that each have a checksum.</summary>
internal sealed class ArrayBlock
{
    private const int ChecksumBytes = 4;

    private readonly FileBytes _file;
    private readonly int _elementSize;
    private readonly ulong _first;
    private readonly long _elements, _pageElements;
    private readonly Func<long, bool> _hasPage;
    private readonly Dictionary<long, byte[]> _pages = [];

    /// <param name="file">The file.</param>
    /// <param name="first">Address of the elements; of the first page where there are pages.</param>
    /// <param name="elements">Number of them.</param>
    /// <param name="elementSize">Bytes of one.</param>
    /// <param name="pageElements">Elements of a page; 0 for none.</param>
    /// <param name="hasPage">Whether a page was ever written.</param>
    public ArrayBlock(FileBytes file, ulong first, long elements, int elementSize, long pageElements, Func<long, bool> hasPage) =>
        (_file, _first, _elements, _elementSize, _pageElements, _hasPage) = (file, first, elements, elementSize, pageElements, hasPage);

    public ByteCursor? Find(long index)
    {
        var page = _pageElements == 0 ? 0 : index / _pageElements;
        if (_pageElements > 0 && !_hasPage(page)) return null;
        if (!_pages.TryGetValue(page, out var bytes))
        {
            var count = _pageElements == 0 ? _elements : Math.Min(_pageElements, _elements - page * _pageElements);
            var offset = _pageElements == 0 ? 0 : checked(page * (_pageElements * _elementSize + ChecksumBytes));
            _pages[page] = bytes = _file.Take(_first + (ulong)offset, checked(count * _elementSize));
        }

        var within = _pageElements == 0 ? index : index % _pageElements;
        return new ByteCursor(bytes.AsMemory(checked((int)(within * _elementSize)), _elementSize), _file);
    }
}
