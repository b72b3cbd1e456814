using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Amnre.Engine.ReducedBases;

/// <summary>Matrices of complex64 in NumPy's format: magic, a header that is a Python dictionary, then the numbers row after row.</summary>
internal static partial class NumpyComplex
{
    private const long MaxBytes = 1L << 31;

    /// <param name="path">The file.</param>
    /// <param name="rows">Rows that it must have.</param>
    /// <returns>Real and imaginary parts in turn, and the number of columns.</returns>
    /// <exception cref="InputException">Not such a file.</exception>
    public static (float[] Values, int Columns) Read(string path, int rows)
    {
        using var file = PlainFile.Open(path);
        if (file.Length > MaxBytes) throw new InputException($"it has {file.Length} bytes, more than a basis can need");
        Span<byte> head = stackalloc byte[10];
        if (file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length || head[0] != 0x93
            || !head[1..6].SequenceEqual("NUMPY"u8) || head[6] != 1)
            throw new InputException("it is not a NumPy array of format 1");
        var header = new byte[BinaryPrimitives.ReadUInt16LittleEndian(head[8..])];
        if (file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length)
            throw new InputException("it ends inside its header");
        var text = Encoding.ASCII.GetString(header);
        var shape = Shape().Match(text);
        if (!text.Contains("'<c8'", StringComparison.Ordinal) || !text.Contains("'fortran_order': False", StringComparison.Ordinal)
            || !shape.Success)
            throw new InputException("it is not a matrix of complex64 in C order: save it with numpy.save after astype('complex64')");
        if (int.Parse(shape.Groups[1].ValueSpan, CultureInfo.InvariantCulture) != rows)
            throw new InputException($"it has {shape.Groups[1].Value} rows, not {rows}");
        var columns = int.Parse(shape.Groups[2].ValueSpan, CultureInfo.InvariantCulture);
        var left = file.Length - file.Position;
        if (left != (long)rows * columns * 8)
            throw new InputException($"it holds {left} bytes of numbers, not the {(long)rows * columns * 8} of its shape");
        var values = new float[rows * columns * 2];
        file.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return (values, columns);
    }

    [GeneratedRegex(@"'shape': \((\d{1,6}), (\d{1,6})\)", RegexOptions.NonBacktracking)]
    private static partial Regex Shape();
}
