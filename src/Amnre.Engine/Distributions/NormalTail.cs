using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static System.Runtime.Intrinsics.Vector256;

namespace Amnre.Engine.Distributions;

/// <summary>Masses of intervals under N(0, 1).</summary>
internal static class NormalTail
{
    /// <summary>P(low &lt; z &lt; high), accurate relative to its own size.</summary>
    public static double Between(double low, double high)
    {
        // Differences of tails on the side where they are small.
        if (low > 0) return Above(low) - Above(high);
        return high < 0 ? Above(-high) - Above(-low) : 1 - Above(high) - Above(-low);
    }

    /// <summary>Eight at a time; absolute error below 4e-7. Abramowitz and Stegun, 7.1.26.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Between(Vector256<float> low, Vector256<float> high)
    {
        var (below, above) = (Above(Abs(low)), Above(Abs(high)));
        var oppositeSides = LessThan((low ^ high).AsInt32(), Vector256<int>.Zero).AsSingle();
        return ConditionalSelect(oppositeSides, Create(1f) - below - above, Abs(below - above));
    }

    private static double Above(double z) => 0.5 * MathNet.Numerics.SpecialFunctions.Erfc(z * Math.Sqrt(0.5));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Above(Vector256<float> z)
    {
        // Beyond 12 nothing is left in single precision.
        z = Min(z, Create(12f));
        var t = Create(1f) / FusedMultiplyAdd(z, Create(0.3275911f * 0.70710678f), Create(1f));
        var series = FusedMultiplyAdd(t, Create(1.061405429f), Create(-1.453152027f));
        series = FusedMultiplyAdd(series, t, Create(1.421413741f));
        series = FusedMultiplyAdd(series, t, Create(-0.284496736f));
        series = FusedMultiplyAdd(series, t, Create(0.254829592f));
        return series * t * Create(0.5f) * ReproducibleMath.Exp(z * z * Create(-0.5f));
    }
}
