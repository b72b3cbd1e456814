using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Amnre.Engine.Elementwise;

/// <summary>What passes over the memory of tensors have in common: which tensors they take, their numbers, and threads.</summary>
internal static class SinglePass
{
    /// <summary>Elements worth a thread of their own.</summary>
    private const int Share = 1 << 16;

    /// <summary>Contiguous, of single precision, on a CPU, within a span's reach.</summary>
    public static bool Takes(Tensor tensor) =>
        tensor.device_type == TorchSharp.DeviceType.CPU && tensor.dtype == ScalarType.Float32 && tensor.is_contiguous()
        && tensor.numel() <= int.MaxValue / sizeof(float);

    public static Span<float> Numbers(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);

    public static ReadOnlySpan<Vector256<float>> Vectors(ReadOnlySpan<float> numbers) =>
        MemoryMarshal.Cast<float, Vector256<float>>(numbers);

    public static Span<Vector256<float>> Vectors(Span<float> numbers) => MemoryMarshal.Cast<float, Vector256<float>>(numbers);

    /// <summary>In how many parts threads share out so many rows; the last may be smaller. It does not depend on the number of threads,
    /// so that sums over parts do not either.</summary>
    /// <param name="width">Elements of a row.</param>
    public static int Parts(int rows, int width) => (rows + RowsOfPart(width) - 1) / RowsOfPart(width);

    /// <summary>Does the work of all parts on the library's number of threads.</summary>
    /// <param name="width">Elements of a row.</param>
    /// <param name="work">Begin and end of a part, in elements, and its number.</param>
    public static void Shared(int rows, int width, Action<int, int, int> work)
    {
        var (count, length) = (Parts(rows, width), RowsOfPart(width) * width);
        var threads = Math.Min(get_num_threads(), count);
        if (threads > 1) Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads }, Part);
        else for (var part = 0; part < count; part++) Part(part);

        void Part(int part) => work(part * length, Math.Min(rows * width, (part + 1) * length), part);
    }

    private static int RowsOfPart(int width) => Math.Max(1, Share / width);
}
