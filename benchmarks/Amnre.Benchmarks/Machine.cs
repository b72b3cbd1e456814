using System.Runtime.Intrinsics.X86;

namespace Amnre.Benchmarks;

/// <summary>Which kind of machine the figures are of: processors differ most by the width of their vectors.</summary>
internal static class Machine
{
    /// <summary>Heading of the page's part for this kind.</summary>
    public static string Kind => Avx512F.IsSupported ? "With AVX-512" : Avx2.IsSupported ? "Without AVX-512" : "Without AVX2";

    /// <summary>Null, or that the processor could do more than it was allowed to.</summary>
    public static string? Played =>
        !Avx512F.IsSupported && File.Exists("/proc/cpuinfo")
        && File.ReadLines("/proc/cpuinfo")
        .Any(line => line.StartsWith("flags", StringComparison.Ordinal) && line.Contains(" avx512f ", StringComparison.Ordinal))
            ? "played by a processor with AVX-512, switched off for the runtime, MKL, libtorch and OpenBLAS"
            : null;
}
