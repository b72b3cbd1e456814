using System.Runtime.Intrinsics;

namespace Amnre.Engine.ComplexAlgebra;

/// <summary>Complex columns in double precision, real and imaginary parts apart. Sums are taken in a fixed order.</summary>
internal sealed class OrthonormalColumns(int rows, int columns)
{
    public int Rows => rows;

    public int Count => columns;

    public double[][] Real { get; } = [.. Enumerable.Range(0, columns).Select(_ => new double[rows])];

    public double[][] Imaginary { get; } = [.. Enumerable.Range(0, columns).Select(_ => new double[rows])];

    /// <summary>a^H·b of two columns.</summary>
    public static (double Real, double Imaginary) Dot(ReadOnlySpan<double> aRe, ReadOnlySpan<double> aIm, ReadOnlySpan<double> bRe,
        ReadOnlySpan<double> bIm)
    {
        Vector256<double> re = default, im = default;
        var i = 0;
        for (; i + 4 <= aRe.Length; i += 4)
        {
            var (ar, ai) = (Vector256.Create(aRe[i..]), Vector256.Create(aIm[i..]));
            var (br, bi) = (Vector256.Create(bRe[i..]), Vector256.Create(bIm[i..]));
            re = Vector256.FusedMultiplyAdd(ar, br, Vector256.FusedMultiplyAdd(ai, bi, re));
            im = Vector256.FusedMultiplyAdd(ar, bi, Vector256.FusedMultiplyAdd(-ai, br, im));
        }

        var (sumRe, sumIm) = (re[0] + re[1] + (re[2] + re[3]), im[0] + im[1] + (im[2] + im[3]));
        for (; i < aRe.Length; i++)
        {
            sumRe += aRe[i] * bRe[i] + aIm[i] * bIm[i];
            sumIm += aRe[i] * bIm[i] - aIm[i] * bRe[i];
        }

        return (sumRe, sumIm);
    }

    /// <summary>Makes the columns orthonormal, each in the span of itself and those before it: Gram–Schmidt, twice.</summary>
    public void Orthonormalize()
    {
        for (var j = 0; j < columns; j++)
        {
            for (var pass = 0; pass < 2; pass++)
            {
                for (var i = 0; i < j; i++)
                {
                    var (re, im) = Dot(Real[i], Imaginary[i], Real[j], Imaginary[j]);
                    Subtract(Real[i], Imaginary[i], re, im, Real[j], Imaginary[j]);
                }

                var length = Math.Sqrt(Dot(Real[j], Imaginary[j], Real[j], Imaginary[j]).Real);
                for (var k = 0; k < rows; k++) (Real[j][k], Imaginary[j][k]) = (Real[j][k] / length, Imaginary[j][k] / length);
            }
        }
    }

    /// <summary>b ← b − (re + i·im)·a.</summary>
    private static void Subtract(double[] aRe, double[] aIm, double re, double im, double[] bRe, double[] bIm)
    {
        var (cRe, cIm) = (Vector256.Create(re), Vector256.Create(im));
        var i = 0;
        for (; i + 4 <= aRe.Length; i += 4)
        {
            var (ar, ai) = (Vector256.Create(aRe, i), Vector256.Create(aIm, i));
            Vector256.FusedMultiplyAdd(-cRe, ar, Vector256.FusedMultiplyAdd(cIm, ai, Vector256.Create(bRe, i))).CopyTo(bRe, i);
            Vector256.FusedMultiplyAdd(-cRe, ai, Vector256.FusedMultiplyAdd(-cIm, ar, Vector256.Create(bIm, i))).CopyTo(bIm, i);
        }

        for (; i < aRe.Length; i++)
        {
            bRe[i] -= re * aRe[i] - im * aIm[i];
            bIm[i] -= re * aIm[i] + im * aRe[i];
        }
    }
}
