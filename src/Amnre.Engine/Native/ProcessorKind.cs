using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace Amnre.Engine.Native;

/// <summary>What of a processor can change the last digits of a network's sums: kernels differ by maker, family and width of
/// vectors.</summary>
/// <param name="Model">As the processor calls itself, such as <c>AMD EPYC 7543 32-Core Processor</c>.</param>
/// <param name="Family">Maker and family, such as <c>AuthenticAMD family 25</c>.</param>
/// <param name="Vectors">The widest vectors that this process may use: <c>AVX-512</c>, <c>AVX2</c>, <c>SSE</c>, <c>NEON</c> or
/// <c>none</c>.</param>
/// <param name="Kernels">Who chooses the kernels of matrix products, <c>processor</c> or <c>maker</c>, and the settings of the environment
/// that limit the choice, such as <c>processor, MKL_ENABLE_INSTRUCTIONS=AVX2</c>.</param>
public sealed record ProcessorKind(string Model, string Family, string Vectors, string Kernels)
{
    /// <summary>Variables that keep MKL, libtorch and oneDNN from kernels that the processor can run.</summary>
    private static readonly string[] Limits = ["MKL_ENABLE_INSTRUCTIONS", "MKL_CBWR", "ATEN_CPU_CAPABILITY", "ONEDNN_MAX_CPU_ISA"];

    /// <summary>Of this process, as its runtime sees it.</summary>
    public static ProcessorKind Here { get; } = new(ModelHere(), FamilyHere(), VectorsHere(),
        KernelsOf(Environment.GetEnvironmentVariable));

    internal static string KernelsOf(Func<string, string?> variable) => string.Join(", ",
        Limits.Where(name => !string.IsNullOrEmpty(variable(name))).Select(name => $"{name}={variable(name)}")
            .Prepend(variable(MatrixKernels.ChoiceVariable) == "maker" ? "maker" : "processor"));

    private static string VectorsHere() =>
        Avx512F.IsSupported ? "AVX-512" : Avx2.IsSupported ? "AVX2" : Sse2.IsSupported ? "SSE" : AdvSimd.IsSupported ? "NEON" : "none";

    private static string FamilyHere()
    {
        if (!X86Base.IsSupported) return RuntimeInformation.ProcessArchitecture.ToString();
        var (_, b, c, d) = X86Base.CpuId(0, 0);
        var (signature, _, _, _) = X86Base.CpuId(1, 0);
        var family = (signature >> 8) & 0xf;
        // AMD64 Architecture Programmer's Manual, CPUID Fn0000_0001: the extended family counts where the base family is full.
        if (family == 0xf) family += (signature >> 20) & 0xff;
        return string.Create(CultureInfo.InvariantCulture, $"{Letters([b, d, c])} family {family}");
    }

    private static string ModelHere()
    {
        if (!X86Base.IsSupported || (uint)X86Base.CpuId(unchecked((int)0x80000000), 0).Eax < 0x80000004)
            return RuntimeInformation.ProcessArchitecture.ToString();
        var words = new List<int>();
        for (var leaf = 0x80000002; leaf <= 0x80000004; leaf++)
        {
            var (a, b, c, d) = X86Base.CpuId(unchecked((int)leaf), 0);
            words.AddRange([a, b, c, d]);
        }

        return Letters([.. words]);
    }

    private static string Letters(ReadOnlySpan<int> words) => Encoding.ASCII.GetString(MemoryMarshal.AsBytes(words)).TrimEnd('\0').Trim();
}
