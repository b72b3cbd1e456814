using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Amnre.Engine.Observations;

/// <summary>One stored number.</summary>
internal delegate double ReadNumber(ReadOnlySpan<byte> bytes);

/// <summary>What an array that NumPy wrote (<c>.npy</c>, versions 1 to 3 of the format: numpy.lib.format) says of itself, read as data: it
/// is never evaluated, objects are refused.</summary>
/// <param name="Shape">Lengths of the dimensions.</param>
/// <param name="IsFortran">The first index runs quickest.</param>
/// <param name="Size">Bytes of a number.</param>
/// <param name="Number">Reads one.</param>
internal sealed partial record NumpyHeader(long[] Shape, bool IsFortran, int Size, ReadNumber Number)
{
    private const int MaxHeader = 1 << 16;

    /// <param name="stream">From its beginning; need not be able to seek.</param>
    /// <param name="length">Bytes that it can hold at the most: a header that claims more values is not believed.</param>
    /// <exception cref="InputException">Not such an array, or of values that are no real numbers.</exception>
    /// <exception cref="EndOfStreamException">It ends too soon.</exception>
    public static NumpyHeader Read(Stream stream, long length)
    {
        Span<byte> head = stackalloc byte[12];
        stream.ReadExactly(head[..8]);
        if (head[0] != 0x93 || !head[1..6].SequenceEqual("NUMPY"u8))
            throw new InputException("it does not begin as a .npy file does: save it with numpy.save");
        var major = head[6];
        stream.ReadExactly(head[8..(major == 1 ? 10 : 12)]);
        var headerLength = major == 1
            ? BinaryPrimitives.ReadUInt16LittleEndian(head[8..])
            : BinaryPrimitives.ReadUInt32LittleEndian(head[8..]);
        if (major is < 1 or > 3 || headerLength > MaxHeader)
            throw new InputException(
                $"its header is of version {major} and {headerLength} bytes, which no NumPy writes: it is damaged; save it again");
        var header = new byte[headerLength];
        stream.ReadExactly(header);
        var text = (major == 3 ? Encoding.UTF8 : Encoding.Latin1).GetString(header);
        var (type, fortran, shape) = Described(text);
        var size = int.TryParse(type.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : 0;
        if (Reader(type[1..], type[0] == '>') is not { } read)
            throw new InputException($"its values are of NumPy type '{type}', not real numbers: save them with array.astype('float32')");
        var values = shape.Aggregate((Int128)1, (product, one) => product < long.MaxValue ? product * one : product);
        if (values * size > length)
            throw new InputException($"it ends after {length} bytes, but shape ({string.Join(", ", shape)}) takes {values * size}: " +
                "it was cut off; save or copy it again");
        return new NumpyHeader(shape, fortran, size, read);
    }

    private static (string Type, bool Fortran, long[] Shape) Described(string header)
    {
        if (Header().Match(header) is not { Success: true } match)
            throw new InputException($"its header says '{header.Trim()}', not one array of plain numbers: save a plain array, with " +
                "numpy.save(path, array.astype('float32'))");
        long[] shape = [.. match.Groups["shape"].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(part => long.TryParse(part.TrimEnd('L'), NumberStyles.None, CultureInfo.InvariantCulture, out var one)
                ? one
                : throw new InputException($"its header has the shape ({match.Groups["shape"].Value}): it is damaged; save it again"))];
        return (match.Groups["type"].Value, match.Groups["fortran"].Value == "True", shape);
    }

    private static ReadNumber? Reader(string kind, bool big) => (kind, big) switch
    {
        ("f4", false) => static bytes => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        ("f4", true) => static bytes => BinaryPrimitives.ReadSingleBigEndian(bytes),
        ("f8", false) => static bytes => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        ("f8", true) => static bytes => BinaryPrimitives.ReadDoubleBigEndian(bytes),
        ("f2", false) => static bytes => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes),
        ("f2", true) => static bytes => (double)BinaryPrimitives.ReadHalfBigEndian(bytes),
        ("i1", _) => static bytes => (sbyte)bytes[0],
        ("u1", _) or ("b1", _) => static bytes => bytes[0],
        ("i2", false) => static bytes => BinaryPrimitives.ReadInt16LittleEndian(bytes),
        ("i2", true) => static bytes => BinaryPrimitives.ReadInt16BigEndian(bytes),
        ("u2", false) => static bytes => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        ("u2", true) => static bytes => BinaryPrimitives.ReadUInt16BigEndian(bytes),
        ("i4", false) => static bytes => BinaryPrimitives.ReadInt32LittleEndian(bytes),
        ("i4", true) => static bytes => BinaryPrimitives.ReadInt32BigEndian(bytes),
        ("u4", false) => static bytes => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        ("u4", true) => static bytes => BinaryPrimitives.ReadUInt32BigEndian(bytes),
        ("i8", false) => static bytes => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        ("i8", true) => static bytes => BinaryPrimitives.ReadInt64BigEndian(bytes),
        ("u8", false) => static bytes => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        ("u8", true) => static bytes => BinaryPrimitives.ReadUInt64BigEndian(bytes),
        _ => null,
    };

    [GeneratedRegex(@"^\s*\{\s*'descr'\s*:\s*'(?<type>[<>|=][a-zA-Z]\d+)'\s*,\s*'fortran_order'\s*:\s*(?<fortran>True|False)\s*,\s*'shape'\s*:\s*\((?<shape>[^)]*)\)\s*,?\s*\}\s*$")]
    private static partial Regex Header();
}
