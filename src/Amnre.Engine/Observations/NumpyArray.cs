namespace Amnre.Engine.Observations;

/// <summary>The values of arrays as NumPy writes them.</summary>
internal static class NumpyArray
{
    private const int Buffer = 1 << 16;

    /// <summary>All values, row-major.</summary>
    /// <exception cref="InputException">There are too many.</exception>
    /// <exception cref="EndOfStreamException">There are not so many.</exception>
    public static double[] Whole(Stream stream, NumpyHeader header)
    {
        var values = new double[NumericArray.Count(header.Shape)];
        Fill(stream, header, values);
        return header.IsFortran ? RowMajor(values, header.Shape) : values;
    }

    /// <summary>The next values, in the order of the file.</summary>
    /// <exception cref="EndOfStreamException">There are not so many.</exception>
    public static void Fill(Stream stream, NumpyHeader header, Span<double> values)
    {
        var buffer = new byte[Math.Max(1, Math.Min(Buffer / header.Size, values.Length)) * header.Size];
        while (values.Length > 0)
        {
            var part = Math.Min(buffer.Length / header.Size, values.Length);
            stream.ReadExactly(buffer, 0, part * header.Size);
            for (var i = 0; i < part; i++) values[i] = header.Number(buffer.AsSpan(i * header.Size, header.Size));
            values = values[part..];
        }
    }

    /// <summary>From the first index running quickest to the last.</summary>
    private static double[] RowMajor(double[] values, long[] shape)
    {
        var result = new double[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            long rest = i, place = 0, stride = values.Length;
            // The index of each dimension, the first changing quickest in the file.
            foreach (var length in shape)
            {
                stride /= length;
                place += rest % length * stride;
                rest /= length;
            }

            result[place] = values[i];
        }

        return result;
    }
}
