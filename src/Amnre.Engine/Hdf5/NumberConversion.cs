using System.Buffers.Binary;
using System.Globalization;
using Amnre.Engine.Hdf5Structures;

namespace Amnre.Engine.Hdf5;

/// <summary>Stored numbers as numbers of this machine. A number is rounded at most once, and none becomes infinite by it.</summary>
internal static class NumberConversion
{
    /// <param name="type">How they are stored.</param>
    /// <param name="bytes">As many values as there is room for.</param>
    /// <param name="values">Receives them.</param>
    /// <param name="name">Of the dataset.</param>
    /// <exception cref="InputException">They are no numbers, or one is beyond what float32 holds.</exception>
    public static void ToSingles(StoredType type, ReadOnlySpan<byte> bytes, Span<float> values, string name)
    {
        CheckNumber(type, name);
        for (var i = 0; i < values.Length; i++)
        {
            var stored = bytes.Slice(i * type.Size, type.Size);
            if (type.Kind == StoredKind.Double)
            {
                var exact = Double(type, stored);
                values[i] = (float)exact;
                if (float.IsInfinity(values[i]) && double.IsFinite(exact))
                    throw new InputException(
                        string.Create(CultureInfo.InvariantCulture,
                            $"dataset '{name}' holds {exact:R}, which is too large for float32: scale it"));
            }
            else
            {
                values[i] = type.Kind switch
                {
                    StoredKind.Half => (float)BitConverter.UInt16BitsToHalf((ushort)Bits(type, stored)),
                    StoredKind.Single => BitConverter.UInt32BitsToSingle((uint)Bits(type, stored)),
                    // Straight from the integer: by way of double it would be rounded twice.
                    StoredKind.Signed => (float)Signed(type, stored),
                    _ => (float)Bits(type, stored),
                };
            }
        }
    }

    /// <inheritdoc cref="ToSingles"/>
    public static void ToDoubles(StoredType type, ReadOnlySpan<byte> bytes, Span<double> values, string name)
    {
        CheckNumber(type, name);
        for (var i = 0; i < values.Length; i++)
        {
            var stored = bytes.Slice(i * type.Size, type.Size);
            values[i] = type.Kind switch
            {
                StoredKind.Half => (double)BitConverter.UInt16BitsToHalf((ushort)Bits(type, stored)),
                StoredKind.Single => BitConverter.UInt32BitsToSingle((uint)Bits(type, stored)),
                StoredKind.Double => Double(type, stored),
                StoredKind.Signed => Signed(type, stored),
                _ => Bits(type, stored),
            };
        }
    }

    /// <summary>An integer, of whichever size.</summary>
    /// <exception cref="InputException">It is none.</exception>
    public static Int128 Integer(StoredType type, ReadOnlySpan<byte> stored, string name) => type.Kind switch
    {
        StoredKind.Signed => Signed(type, stored),
        StoredKind.Unsigned => Bits(type, stored),
        _ => throw new InputException($"'{name}' holds {type.Name}, not integers"),
    };

    private static void CheckNumber(StoredType type, string name)
    {
        if (!type.IsNumber)
            throw new InputException($"dataset '{name}' holds {type.Name}, not numbers that are read here: write it as float32");
    }

    private static double Double(StoredType type, ReadOnlySpan<byte> stored) => BitConverter.UInt64BitsToDouble(Bits(type, stored));

    private static long Signed(StoredType type, ReadOnlySpan<byte> stored)
    {
        var unused = 64 - 8 * type.Size;
        return (long)(Bits(type, stored) << unused) >> unused;
    }

    private static ulong Bits(StoredType type, ReadOnlySpan<byte> stored) => (type.Size, type.IsBigEndian) switch
    {
        (1, _) => stored[0],
        (2, true) => BinaryPrimitives.ReadUInt16BigEndian(stored),
        (4, true) => BinaryPrimitives.ReadUInt32BigEndian(stored),
        (8, true) => BinaryPrimitives.ReadUInt64BigEndian(stored),
        _ => FileBytes.Number(stored),
    };
}
