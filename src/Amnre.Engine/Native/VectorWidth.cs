using System.Runtime.Intrinsics;

namespace Amnre.Engine.Native;

/// <summary>How wide the vectors of this processor are, as far as it matters to kernels that are written for two widths.</summary>
/// <remarks>A kernel that names vectors wider than the processor's runs in software, about ten times slower. One that has two forms blocks
/// each for its number of registers, and gives the same bits with both.</remarks>
internal static class VectorWidth
{
    /// <summary>AVX-512: 32 registers of 64 bytes. Else 16 of 32 bytes (AVX2), or less. <c>DOTNET_EnableAVX512=0</c> plays the lesser
    /// one.</summary>
    public static bool IsWide => Vector512.IsHardwareAccelerated;
}
