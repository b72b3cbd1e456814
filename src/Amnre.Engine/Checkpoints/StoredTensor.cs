using System.Runtime.InteropServices;

namespace Amnre.Engine.Checkpoints;

/// <summary>A tensor as a file holds it: dense, row-major, little-endian, on no device.</summary>
public sealed class StoredTensor
{
    /// <param name="type">Element type.</param>
    /// <param name="shape">Sizes; empty for a scalar.</param>
    /// <param name="bytes">Row-major elements; owned by the tensor from now on.</param>
    public StoredTensor(ElementType type, IReadOnlyList<long> shape, byte[] bytes)
    {
        if (Elements(shape) * type.Size() != bytes.LongLength)
            throw new ArgumentException($"{bytes.LongLength} bytes are not {type} of shape [{string.Join(", ", shape)}]", nameof(bytes));
        (Type, Shape, Bytes) = (type, shape, bytes);
    }

    public ElementType Type { get; }

    public IReadOnlyList<long> Shape { get; }

    public byte[] Bytes { get; }

    /// <summary>The elements; their C# type must be the one stored.</summary>
    /// <exception cref="InvalidOperationException">The tensor holds another type.</exception>
    public ReadOnlySpan<T> Values<T>() where T : unmanaged =>
        TypeOf<T>() == Type
            ? MemoryMarshal.Cast<byte, T>(Bytes)
            : throw new InvalidOperationException($"the tensor holds {Type}, not {typeof(T).Name}");

    public static StoredTensor Of<T>(ReadOnlySpan<T> values, params IReadOnlyList<long> shape) where T : unmanaged =>
        new(TypeOf<T>(), shape.Count == 0 ? [values.Length] : shape, MemoryMarshal.AsBytes(values).ToArray());

    public override string ToString() => $"{Type}[{string.Join(", ", Shape)}]";

    /// <summary>Number of elements of <paramref name="shape"/>.</summary>
    /// <exception cref="OverflowException">More than 2^63.</exception>
    internal static long Elements(IReadOnlyList<long> shape)
    {
        var elements = 1L;
        foreach (var size in shape)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(size);
            elements = checked(elements * size);
        }

        return elements;
    }

    private static ElementType TypeOf<T>() =>
        typeof(T) == typeof(float) ? ElementType.Float32
        : typeof(T) == typeof(double) ? ElementType.Float64
        : typeof(T) == typeof(long) ? ElementType.Int64
        : typeof(T) == typeof(int) ? ElementType.Int32
        : typeof(T) == typeof(byte) ? ElementType.UInt8
        : typeof(T) == typeof(bool) ? ElementType.Bool
        : throw new NotSupportedException($"{typeof(T).Name} is no element type of stored tensors");
}
