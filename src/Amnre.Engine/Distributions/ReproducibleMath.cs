using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static System.Runtime.Intrinsics.Vector256;

namespace Amnre.Engine.Distributions;

/// <summary>Elementary functions of eight floats or four doubles as fixed sequences of IEEE 754 operations: the same bits on every machine,
/// which the C library's functions do not promise from one release to the next. Relative errors below 3e-7 for floats.</summary>
internal static class ReproducibleMath
{
    // ln 2 in two parts: n·High is exact for |n| < 2^9.
    private const float Ln2High = 0.693145752f;
    private const float Ln2Low = 1.42860677e-6f;
    private const float Log2E = 1.44269504f;

    /// <summary>ln x of normal positive numbers: x = 2^e·m with m in [√½, √2), ln m = 2 artanh((m−1)/(m+1)) by its series.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Log(Vector256<float> x)
    {
        // Adding the distance from √½ to 1 to the bit pattern makes the exponent field count from √½ instead of 1.
        const int SqrtHalf = 0x3F3504F3;
        var bits = x.AsInt32() + Create(0x3F800000 - SqrtHalf);
        var exponent = (bits >> 23) - Create(127);
        var m = ((bits & Create(0x007FFFFF)) + Create(SqrtHalf)).AsSingle();
        var s = (m - Create(1f)) / (m + Create(1f));
        var square = s * s;
        var series = FusedMultiplyAdd(square, Create(2f / 9), Create(2f / 7));
        series = FusedMultiplyAdd(series, square, Create(2f / 5));
        series = FusedMultiplyAdd(series, square, Create(2f / 3));
        series = FusedMultiplyAdd(series * square, s, s + s);
        var e = ConvertToSingle(exponent);
        return FusedMultiplyAdd(e, Create(Ln2High), FusedMultiplyAdd(e, Create(Ln2Low), series));
    }

    /// <summary>e^x for |x| ≤ 80: x = n ln 2 + r with |r| ≤ ½ ln 2, e^r by its series.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Exp(Vector256<float> x)
    {
        var n = Round(x * Create(Log2E));
        var r = FusedMultiplyAdd(n, Create(-Ln2High), x);
        r = FusedMultiplyAdd(n, Create(-Ln2Low), r);
        var series = FusedMultiplyAdd(r, Create(1f / 5040), Create(1f / 720));
        series = FusedMultiplyAdd(series, r, Create(1f / 120));
        series = FusedMultiplyAdd(series, r, Create(1f / 24));
        series = FusedMultiplyAdd(series, r, Create(1f / 6));
        series = FusedMultiplyAdd(series, r, Create(0.5f));
        series = FusedMultiplyAdd(series, r, Create(1f));
        series = FusedMultiplyAdd(series, r, Create(1f));
        var power = ((ConvertToInt32(n) + Create(127)) << 23).AsSingle();
        return series * power;
    }

    /// <summary>e^x within 1 unit in the last place for −708 ≤ x ≤ 709, beyond which x counts as the nearer of the two;
    /// NaN gives a number of no meaning. The series in r is summed by halves, which shortens the chain of dependent operations.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Exp(Vector256<double> x)
    {
        // Added to a small number, 1.5·2^52 leaves its nearest integer in the low bits.
        const double Magic = 6755399441055744;
        x = ClampNative(x, Create(-708.0), Create(709.0));
        var shifted = FusedMultiplyAdd(x, Create(1.4426950408889634), Create(Magic));
        var n = shifted - Create(Magic);
        // ln 2 in two parts: n·high is exact.
        var r = FusedMultiplyAdd(n, Create(-0.693147180369123816490), x);
        r = FusedMultiplyAdd(n, Create(-1.90821492927058770002e-10), r);
        var r2 = r * r;

        var odd = FusedMultiplyAdd(r2, Create(1.0 / 6227020800), Create(1.0 / 39916800));
        odd = FusedMultiplyAdd(odd, r2, Create(1.0 / 362880));
        odd = FusedMultiplyAdd(odd, r2, Create(1.0 / 5040));
        odd = FusedMultiplyAdd(odd, r2, Create(1.0 / 120));
        odd = FusedMultiplyAdd(odd, r2, Create(1.0 / 6));
        var even = FusedMultiplyAdd(r2, Create(1.0 / 479001600), Create(1.0 / 3628800));
        even = FusedMultiplyAdd(even, r2, Create(1.0 / 40320));
        even = FusedMultiplyAdd(even, r2, Create(1.0 / 720));
        even = FusedMultiplyAdd(even, r2, Create(1.0 / 24));
        even = FusedMultiplyAdd(even, r2, Create(0.5));
        var series = FusedMultiplyAdd(FusedMultiplyAdd(odd, r, even), r2, r) + Vector256<double>.One;
        var power = ((shifted.AsInt64() + Create(1023L)) << 52).AsDouble();
        return series * power;
    }

    /// <summary>sin and cos of 2π·turn/2³². The nearest quarter turn is taken off in integers, so the reduction is exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SinCos(Vector256<uint> turn, out Vector256<float> sin, out Vector256<float> cos)
    {
        var quarter = (turn + Create(1u << 29)) >>> 30;
        var rest = (turn - (quarter << 30)).AsInt32();
        var a = ConvertToSingle(rest) * Create((float)(2 * Math.PI / 4294967296.0));
        var square = a * a;

        var odd = FusedMultiplyAdd(square, Create(1f / 362880), Create(-1f / 5040));
        odd = FusedMultiplyAdd(odd, square, Create(1f / 120));
        odd = FusedMultiplyAdd(odd, square, Create(-1f / 6));
        odd = FusedMultiplyAdd(odd * square, a, a);

        var even = FusedMultiplyAdd(square, Create(-1f / 3628800), Create(1f / 40320));
        even = FusedMultiplyAdd(even, square, Create(-1f / 720));
        even = FusedMultiplyAdd(even, square, Create(1f / 24));
        even = FusedMultiplyAdd(even, square, Create(-0.5f));
        even = FusedMultiplyAdd(even, square, Create(1f));

        // A quarter turn maps (cos, sin) to (−sin, cos): odd quarters swap the two, the sign bits come from the quarter's bits.
        var swap = Vector256.Equals(quarter & Create(1u), Create(1u)).AsSingle();
        var sinSign = (quarter & Create(2u)) << 30;
        var cosSign = ((quarter + Create(1u)) & Create(2u)) << 30;
        sin = ConditionalSelect(swap, even, odd) ^ sinSign.AsSingle();
        cos = ConditionalSelect(swap, odd, even) ^ cosSign.AsSingle();
    }

    /// <summary>sin and cos of |x| ≤ 2²⁰ within 1 unit in the last place (absolutely 1.2e-16): the nearest quarter turn is taken off in two
    /// parts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SinCos(Vector256<double> x, out Vector256<double> sin, out Vector256<double> cos)
    {
        const double Magic = 6755399441055744;
        var shifted = FusedMultiplyAdd(x, Create(2 / Math.PI), Create(Magic));
        var n = shifted - Create(Magic);
        var r = FusedMultiplyAdd(n, Create(-1.5707963267948966), x);
        r = FusedMultiplyAdd(n, Create(-6.123233995736766e-17), r);
        var z = r * r;

        var odd = FusedMultiplyAdd(z, Create(1.58969099521155010221e-10), Create(-2.50507602534068634195e-08));
        odd = FusedMultiplyAdd(odd, z, Create(2.75573137070700676789e-06));
        odd = FusedMultiplyAdd(odd, z, Create(-1.98412698298579493134e-04));
        odd = FusedMultiplyAdd(odd, z, Create(8.33333333332248946124e-03));
        odd = FusedMultiplyAdd(odd, z, Create(-1.66666666666666324348e-01));
        odd = FusedMultiplyAdd(odd * z, r, r);

        var even = FusedMultiplyAdd(z, Create(-1.13596475577881948265e-11), Create(2.08757232129817482790e-09));
        even = FusedMultiplyAdd(even, z, Create(-2.75573143513906633035e-07));
        even = FusedMultiplyAdd(even, z, Create(2.48015872894767294178e-05));
        even = FusedMultiplyAdd(even, z, Create(-1.38888888888741095749e-03));
        even = FusedMultiplyAdd(even, z, Create(4.16666666666666019037e-02));
        even = FusedMultiplyAdd(even, z * z, FusedMultiplyAdd(z, Create(-0.5), Vector256<double>.One));

        // A quarter turn maps (cos, sin) to (−sin, cos): odd quarters swap the two, the sign bits come from the quarter's bits.
        var quarter = shifted.AsInt64();
        var swap = Vector256.Equals(quarter & Create(1L), Create(1L)).AsDouble();
        var sinSign = (quarter & Create(2L)) << 62;
        var cosSign = ((quarter + Create(1L)) & Create(2L)) << 62;
        sin = ConditionalSelect(swap, even, odd) ^ sinSign.AsDouble();
        cos = ConditionalSelect(swap, odd, even) ^ cosSign.AsDouble();
    }

    /// <summary>arctan within 1 unit in the last place: x is reduced to at most tan(π/8), then a quotient of polynomials (Moshier's
    /// Cephes).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Atan(Vector256<double> x)
    {
        var (sign, size, one) = (x & Create(-0.0), Abs(x), Vector256<double>.One);
        var isLarge = GreaterThan(size, Create(2.41421356237309504880));
        var isMiddle = GreaterThan(size, Create(0.66));
        var numerator = ConditionalSelect(isLarge, -one, ConditionalSelect(isMiddle, size - one, size));
        var denominator = ConditionalSelect(isLarge, size, ConditionalSelect(isMiddle, size + one, one));
        var start = ConditionalSelect(isLarge, Create(Math.PI / 2), isMiddle & Create(Math.PI / 4));
        // What π/2 and π/4 lack.
        var rest = ConditionalSelect(isLarge, Create(6.123233995736765886130e-17), isMiddle & Create(3.061616997868382943065e-17));
        var r = numerator / denominator;
        var z = r * r;

        var p = FusedMultiplyAdd(z, Create(-8.750608600031904122785e-1), Create(-1.615753718733365076637e1));
        p = FusedMultiplyAdd(p, z, Create(-7.500855792314704667340e1));
        p = FusedMultiplyAdd(p, z, Create(-1.228866684490136173410e2));
        p = FusedMultiplyAdd(p, z, Create(-6.485021904942025371773e1));
        var q = z + Create(2.485846490142306297962e1);
        q = FusedMultiplyAdd(q, z, Create(1.650270098316988542046e2));
        q = FusedMultiplyAdd(q, z, Create(4.328810604912902668951e2));
        q = FusedMultiplyAdd(q, z, Create(4.853903996359136964868e2));
        q = FusedMultiplyAdd(q, z, Create(1.945506571482613964425e2));
        var series = FusedMultiplyAdd(r, z * p / q, r) + rest;
        return (start + series) ^ sign;
    }
}
