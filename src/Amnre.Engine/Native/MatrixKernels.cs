using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace Amnre.Engine.Native;

/// <summary>Lets the matrix products of libtorch (Intel MKL) use AVX-512 on processors of other makers that have it.</summary>
/// <remarks>MKL picks its kernels by the maker's name before it looks at what the processor can do, which halves the rate of
/// float32 products on an AMD Zen 4 or 5. The answer to "is this an Intel processor" is kept in a variable, -1 until the first
/// question; this answers it beforehand. Nothing is written unless the code that reads the variable is exactly the known one.</remarks>
internal static class MatrixKernels
{
    /// <summary>Environment variable; <c>maker</c> leaves the choice of kernels to MKL.</summary>
    public const string ChoiceVariable = "AMNRE_MATRIX_KERNELS";

    private const string Question = "mkl_serv_intel_cpu_true";
    private const int Unasked = -1, Yes = 1;
    private const int ReadLength = 6, CodeLength = 11;

    /// <summary>Whether this processor would be kept from kernels that it can run.</summary>
    private static bool Held => X86Base.IsSupported && Avx2.IsSupported && Fma.IsSupported && Maker() != "GenuineIntel";

    /// <param name="library">Handle of the loaded <c>libtorch_cpu.so</c>, before its first matrix product.</param>
    /// <returns>Whether the kernels are now chosen by what the processor can do.</returns>
    public static bool Release(nint library)
    {
        if (!Held || Environment.GetEnvironmentVariable(ChoiceVariable) == "maker") return false;
        if (!NativeLibrary.TryGetExport(library, Question, out var function)) return false;

        Span<byte> code = stackalloc byte[CodeLength];
        for (var i = 0; i < code.Length; i++) code[i] = Marshal.ReadByte(function, i);
        if (AnswerOffset(code) is not { } offset) return false;

        var answer = function + offset;
        if (Marshal.ReadInt32(answer) != Unasked) return false;
        Marshal.WriteInt32(answer, Yes);
        return true;
    }

    /// <summary>Where the answer lies, counted from the function's start; null when the code is not the known one.</summary>
    /// <param name="code">The function's first bytes: <c>mov eax, [rip + d]; test eax, eax; js +1; ret</c>.</param>
    internal static int? AnswerOffset(ReadOnlySpan<byte> code) =>
        code.Length >= CodeLength && code.StartsWith((ReadOnlySpan<byte>)[0x8b, 0x05])
        && code[ReadLength..CodeLength].SequenceEqual((ReadOnlySpan<byte>)[0x85, 0xc0, 0x78, 0x01, 0xc3])
            ? ReadLength + BinaryPrimitives.ReadInt32LittleEndian(code[2..])
            : null;

    private static string Maker()
    {
        var (_, b, c, d) = X86Base.CpuId(0, 0);
        Span<byte> name = stackalloc byte[12];
        BinaryPrimitives.WriteInt32LittleEndian(name, b);
        BinaryPrimitives.WriteInt32LittleEndian(name[4..], d);
        BinaryPrimitives.WriteInt32LittleEndian(name[8..], c);
        return Encoding.ASCII.GetString(name);
    }
}
