using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Amnre.Engine.Native;

namespace Amnre.Engine.ComplexAlgebra;

/// <summary>Products of complex single-precision matrices. Each element of the product is a sum in a fixed order, whatever the number of
/// threads, of rows, or the width of the processor's vectors, so that a row's bytes do not depend on its neighbours.</summary>
/// <remarks>Sums of <see cref="Chunk"/> products are single, the sums of those are double.</remarks>
internal static class ComplexProduct
{
    /// <summary>Inner indices whose factors stay in the cache.</summary>
    public const int Chunk = 256;

    /// <summary>Numbers of one tile: real parts (6, 8), then imaginary parts.</summary>
    private const int Tile = ComplexPanels.Rows * ComplexPanels.Columns * 2;

    /// <summary>Adds groups of left rows times all right columns to <paramref name="sums"/>.</summary>
    /// <param name="left">Panels of (rows, <paramref name="inner"/>).</param>
    /// <param name="right">Panels of (<paramref name="inner"/>, columns).</param>
    /// <param name="inner">Length of the inner dimension that both panels were laid out for.</param>
    /// <param name="used">Inner indices to sum; those after it count as zero.</param>
    /// <param name="columns">Columns of the right factor.</param>
    /// <param name="firstGroup">First group of left rows.</param>
    /// <param name="endGroup">One after the last group.</param>
    /// <param name="sums">(groups, column groups, 2, 6, 8): complex sums, real parts first; from <paramref name="firstGroup"/> on.</param>
    public static void Add(
        ReadOnlySpan<float> left, ReadOnlySpan<float> right, int inner, int used, int columns, int firstGroup, int endGroup,
        Span<double> sums)
    {
        var columnGroups = ComplexPanels.Groups(columns, ComplexPanels.Columns);
        Span<float> tile = stackalloc float[Tile];
        for (var start = 0; start < used; start += Chunk)
        {
            var count = Math.Min(Chunk, used - start);
            for (var group = firstGroup; group < endGroup; group++)
            {
                ref var rows = ref Unsafe.AsRef(in left[(group * inner + start) * ComplexPanels.LeftStep]);
                for (var column = 0; column < columnGroups; column++)
                {
                    ref var factors = ref Unsafe.AsRef(in right[(column * inner + start) * ComplexPanels.RightStep]);
                    if (VectorWidth.IsWide) Wide(ref rows, ref factors, count, tile);
                    else
                    {
                        Narrow(ref rows, ref factors, count, tile, 0);
                        Narrow(ref rows, ref factors, count, tile, 3);
                    }

                    var target = sums.Slice(((group - firstGroup) * columnGroups + column) * Tile, Tile);
                    for (var i = 0; i < Tile; i++) target[i] += tile[i];
                }
            }
        }
    }

    /// <summary>Doubles that <see cref="Add"/> needs for groups of rows.</summary>
    public static int SumLength(int groups, int columns) => groups * ComplexPanels.Groups(columns, ComplexPanels.Columns) * Tile;

    /// <summary>Where the real part of (row, column) lies in the sums; the imaginary part is 48 on.</summary>
    public static int SumIndex(int row, int column, int columns) =>
        (row / ComplexPanels.Rows * ComplexPanels.Groups(columns, ComplexPanels.Columns) + column / ComplexPanels.Columns) * Tile
        + row % ComplexPanels.Rows * ComplexPanels.Columns + column % ComplexPanels.Columns;

    public const int ImaginaryStep = Tile / 2;

    /// <summary>Six rows by eight columns; real and imaginary parts of the right factor side by side in one vector.</summary>
    internal static void Wide(ref float left, ref float right, int count, Span<float> tile)
    {
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default;
        Vector512<float> b0 = default, b1 = default, b2 = default, b3 = default, b4 = default, b5 = default;
        for (var k = 0; k < count; k++)
        {
            var v = Vector512.LoadUnsafe(ref right);
            a0 = Vector512.FusedMultiplyAdd(Vector512.Create(left), v, a0);
            b0 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref left, 1)), v, b0);
            a1 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref left, 2)), v, a1);
            b1 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref left, 3)), v, b1);
            a2 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref left, 4)), v, a2);
            b2 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref left, 5)), v, b2);
            a3 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref left, 6)), v, a3);
            b3 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref left, 7)), v, b3);
            a4 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref left, 8)), v, a4);
            b4 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref left, 9)), v, b4);
            a5 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref left, 10)), v, a5);
            b5 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref left, 11)), v, b5);
            left = ref Unsafe.Add(ref left, ComplexPanels.LeftStep);
            right = ref Unsafe.Add(ref right, ComplexPanels.RightStep);
        }

        Store(a0.GetLower(), a0.GetUpper(), b0.GetLower(), b0.GetUpper(), tile, 0);
        Store(a1.GetLower(), a1.GetUpper(), b1.GetLower(), b1.GetUpper(), tile, 1);
        Store(a2.GetLower(), a2.GetUpper(), b2.GetLower(), b2.GetUpper(), tile, 2);
        Store(a3.GetLower(), a3.GetUpper(), b3.GetLower(), b3.GetUpper(), tile, 3);
        Store(a4.GetLower(), a4.GetUpper(), b4.GetLower(), b4.GetUpper(), tile, 4);
        Store(a5.GetLower(), a5.GetUpper(), b5.GetLower(), b5.GetUpper(), tile, 5);
    }

    /// <summary>Three rows by eight columns, the same operations with vectors of half the width.</summary>
    internal static void Narrow(ref float left, ref float right, int count, Span<float> tile, int row)
    {
        Vector256<float> a0 = default, a1 = default, a2 = default, b0 = default, b1 = default, b2 = default;
        Vector256<float> c0 = default, c1 = default, c2 = default, d0 = default, d1 = default, d2 = default;
        left = ref Unsafe.Add(ref left, 2 * row);
        for (var k = 0; k < count; k++)
        {
            var (re, im) = (Vector256.LoadUnsafe(ref right), Vector256.LoadUnsafe(ref right, ComplexPanels.Columns));
            var x = Vector256.Create(left);
            a0 = Vector256.FusedMultiplyAdd(x, re, a0);
            b0 = Vector256.FusedMultiplyAdd(x, im, b0);
            x = Vector256.Create(Unsafe.Add(ref left, 1));
            c0 = Vector256.FusedMultiplyAdd(x, re, c0);
            d0 = Vector256.FusedMultiplyAdd(x, im, d0);
            x = Vector256.Create(Unsafe.Add(ref left, 2));
            a1 = Vector256.FusedMultiplyAdd(x, re, a1);
            b1 = Vector256.FusedMultiplyAdd(x, im, b1);
            x = Vector256.Create(Unsafe.Add(ref left, 3));
            c1 = Vector256.FusedMultiplyAdd(x, re, c1);
            d1 = Vector256.FusedMultiplyAdd(x, im, d1);
            x = Vector256.Create(Unsafe.Add(ref left, 4));
            a2 = Vector256.FusedMultiplyAdd(x, re, a2);
            b2 = Vector256.FusedMultiplyAdd(x, im, b2);
            x = Vector256.Create(Unsafe.Add(ref left, 5));
            c2 = Vector256.FusedMultiplyAdd(x, re, c2);
            d2 = Vector256.FusedMultiplyAdd(x, im, d2);
            left = ref Unsafe.Add(ref left, ComplexPanels.LeftStep);
            right = ref Unsafe.Add(ref right, ComplexPanels.RightStep);
        }

        Store(a0, b0, c0, d0, tile, row);
        Store(a1, b1, c1, d1, tile, row + 1);
        Store(a2, b2, c2, d2, tile, row + 2);
    }

    /// <summary>(a + ib), from the real part of the left factor, plus i(c + id), from its imaginary part.</summary>
    private static void Store(Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d, Span<float> tile, int row)
    {
        (a - d).CopyTo(tile[(row * ComplexPanels.Columns)..]);
        (b + c).CopyTo(tile[(ImaginaryStep + row * ComplexPanels.Columns)..]);
    }
}
