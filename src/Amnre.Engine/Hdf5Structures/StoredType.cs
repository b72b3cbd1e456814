using System.Globalization;

namespace Amnre.Engine.Hdf5Structures;

/// <summary>Kinds of stored values that are read here.</summary>
internal enum StoredKind
{
    Half,
    Single,
    Double,
    Signed,
    Unsigned,

    /// <summary>Two float32, real and imaginary.</summary>
    ComplexSingle,
    Text,

    /// <summary>A text of any length, in a heap of the file.</summary>
    TextReference,
    Other,
}

/// <summary>How one value of a dataset or an attribute is stored. HDF5 File Format Specification 3.0, section IV.A.2.d.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Size">Bytes.</param>
/// <param name="IsBigEndian">Byte order.</param>
/// <param name="Name">What messages call it.</param>
internal sealed record StoredType(StoredKind Kind, int Size, bool IsBigEndian, string Name)
{
    private const int FixedPoint = 0, FloatingPoint = 1, String = 3, Compound = 6, VariableLength = 9, Deepest = 8;

    private static readonly string[] ClassNames =
        ["integers", "floating point numbers", "times", "texts", "bit fields", "opaque bytes", "compounds", "references",
            "enumerated values (a numpy bool is one)", "sequences of any length", "arrays", "complex numbers"];

    /// <summary>Whether float32 holds each value exactly.</summary>
    public bool FitsSingle => Kind is StoredKind.Half or StoredKind.Single || (IsInteger && Size <= 2);

    public bool IsInteger => Kind is StoredKind.Signed or StoredKind.Unsigned;

    /// <summary>Whether it is a number that has one value.</summary>
    public bool IsNumber => IsInteger || Kind is StoredKind.Half or StoredKind.Single or StoredKind.Double;

    /// <summary>Whether the bytes are those of a float of this machine.</summary>
    public bool IsPlainSingle => Kind == StoredKind.Single && IsBigEndian != BitConverter.IsLittleEndian;

    public static StoredType Read(ByteCursor cursor) => Read(cursor, 0);

    private static StoredType Read(ByteCursor cursor, int depth)
    {
        if (depth > Deepest) throw new InputException("its types are nested without end: it is damaged");
        int head = cursor.U8(), @class = head & 15, version = head >> 4;
        var (bits, size) = ((int)cursor.Number(3), (int)Math.Min(cursor.U32(), int.MaxValue));
        var name = @class < ClassNames.Length ? ClassNames[@class] : $"values of class {@class}";
        return @class switch
        {
            FixedPoint => Integer(cursor, bits, size),
            FloatingPoint => Float(cursor, bits, size),
            String => new StoredType(StoredKind.Text, size, false, name),
            VariableLength when (bits & 15) == 1 => new StoredType(StoredKind.TextReference, size, false, "texts"),
            Compound => Pair(cursor, version, bits & 0xffff, size, depth) ?? new StoredType(StoredKind.Other, size, false, name),
            _ => new StoredType(StoredKind.Other, size, false, name),
        };
    }

    private static StoredType Integer(ByteCursor cursor, int bits, int size)
    {
        var (offset, precision) = (cursor.U16(), cursor.U16());
        var signed = (bits & 8) != 0;
        var name = string.Create(CultureInfo.InvariantCulture, $"{(signed ? "" : "u")}int{8 * size}");
        return size is 1 or 2 or 4 or 8 && offset == 0 && precision == 8 * size
            ? new StoredType(signed ? StoredKind.Signed : StoredKind.Unsigned, size, (bits & 1) != 0, name)
            : new StoredType(StoredKind.Other, size, false, $"integers of {precision} bits in {size} bytes");
    }

    private static StoredType Float(ByteCursor cursor, int bits, int size)
    {
        // Byte order (0, 6), filling (1 to 3), normalisation with an implied first bit (4, 5), place of the sign (8 to 15).
        var layout = (cursor.U16(), cursor.U16(), cursor.U8(), cursor.U8(), cursor.U8(), cursor.U8(), cursor.U32());
        var kind = (bits & 0x40) != 0 || (bits >> 4 & 3) != 2
            ? StoredKind.Other
            : (size, bits >> 8 & 0xff, layout) switch
            {
                (2, 15, (0, 16, 10, 5, 0, 10, 15)) => StoredKind.Half,
                (4, 31, (0, 32, 23, 8, 0, 23, 127)) => StoredKind.Single,
                (8, 63, (0, 64, 52, 11, 0, 52, 1023)) => StoredKind.Double,
                _ => StoredKind.Other,
            };
        var name = kind == StoredKind.Other
            ? $"floating point numbers of {layout.Item2} bits in {size} bytes"
            : string.Create(CultureInfo.InvariantCulture, $"float{8 * size}");
        return new StoredType(kind, size, (bits & 1) != 0, name);
    }

    /// <summary>A complex number as h5py writes it: two float32, one after the other. Null for other compounds.</summary>
    private static StoredType? Pair(ByteCursor cursor, int version, int members, int size, int depth)
    {
        if (members != 2 || size != 2 * sizeof(float)) return null;
        for (var member = 0; member < members; member++)
        {
            cursor.TextToZero(version < 3 ? 8 : 1);
            var offset = version < 3 ? cursor.U32() : cursor.U8();
            if (version == 1)
            {
                if (cursor.U8() != 0) return null;
                cursor.Skip(27);
            }

            if (offset != member * sizeof(float) || !Read(cursor, depth + 1).IsPlainSingle) return null;
        }

        return new StoredType(StoredKind.ComplexSingle, size, false, "complex64");
    }
}
