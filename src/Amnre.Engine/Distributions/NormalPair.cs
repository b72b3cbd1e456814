using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Amnre.Engine.Distributions;

/// <summary>Two independent N(0, 1) per lane from two random words: z = √(−2 ln u)·(cos 2πv, sin 2πv).
/// Box and Muller, A note on the generation of random normal deviates (1958).</summary>
internal static class NormalPair
{
    /// <summary>u = (k + ½)/2³¹ with k the upper 31 bits of <paramref name="radius"/>, rounded to float; so |z| &lt; 6.67.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void From(
        Vector256<uint> radius, Vector256<uint> angle, out Vector256<float> first, out Vector256<float> second)
    {
        var u = Vector256.FusedMultiplyAdd(
            Vector256.ConvertToSingle((radius >>> 1).AsInt32()),
            Vector256.Create(1f / (1u << 31)),
            Vector256.Create(0.5f / (1u << 31)));
        var length = Vector256.Sqrt(Vector256.Create(-2f) * Vector256.Min(ReproducibleMath.Log(u), Vector256<float>.Zero));
        ReproducibleMath.SinCos(angle, out var sin, out var cos);
        first = length * cos;
        second = length * sin;
    }
}
