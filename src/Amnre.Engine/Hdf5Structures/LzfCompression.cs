namespace Amnre.Engine.Hdf5Structures;

/// <summary>Marc Lehmann's LZF, h5py's filter 32000: literal runs, and copies of what came before.</summary>
internal static class LzfCompression
{
    private const int LongestLiteral = 32;

    /// <param name="bytes">Compressed.</param>
    /// <param name="most">Bytes that come out at most.</param>
    /// <exception cref="InputException">Damage.</exception>
    public static byte[] Decompress(ReadOnlySpan<byte> bytes, int most)
    {
        var result = new byte[most];
        var (at, done) = (0, 0);
        while (at < bytes.Length)
        {
            int control = bytes[at++], length;
            if (control < LongestLiteral)
            {
                length = control + 1;
                if (length > bytes.Length - at || length > most - done) throw Damage();
                bytes.Slice(at, length).CopyTo(result.AsSpan(done));
                at += length;
            }
            else
            {
                length = control >> 5;
                if (length == 7) length += Next(bytes, ref at);
                length += 2;
                var from = done - ((control & 31) << 8) - Next(bytes, ref at) - 1;
                if (from < 0 || length > most - done) throw Damage();
                // Byte by byte: a copy may overlap what it makes.
                for (var i = 0; i < length; i++) result[done + i] = result[from + i];
            }

            done += length;
        }

        return done == most ? result : result[..done];
    }

    private static int Next(ReadOnlySpan<byte> bytes, ref int at) => at < bytes.Length ? bytes[at++] : throw Damage();

    private static InputException Damage() => new("a chunk compressed by lzf is damaged: copy the file again, or make it again");
}
