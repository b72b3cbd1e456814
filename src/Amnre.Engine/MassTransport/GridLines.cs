using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Amnre.Engine.MassTransport;

/// <summary>The innermost sums of <see cref="GridConvolution"/>: one line of sources into four lines of sums, in two forms for
/// processors of either vector width.</summary>
internal static class GridLines
{
    /// <summary>Sums of a line that are made at once.</summary>
    public const int Block = 32;

    /// <summary>Adds one line's values [from, to), and those of the three lines after it, to the sums. On its own, since around a call
    /// the sums would not stay in registers, of which it takes 21 of 32.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void AddWide(ref double sum, ref double values, ref double weights, nint line, nint from, nint to)
    {
        var a0 = Vector512.LoadUnsafe(ref sum);
        var a1 = Vector512.LoadUnsafe(ref sum, 8);
        var a2 = Vector512.LoadUnsafe(ref sum, 16);
        var a3 = Vector512.LoadUnsafe(ref sum, 24);
        var b0 = Vector512.LoadUnsafe(ref sum, 32);
        var b1 = Vector512.LoadUnsafe(ref sum, 40);
        var b2 = Vector512.LoadUnsafe(ref sum, 48);
        var b3 = Vector512.LoadUnsafe(ref sum, 56);
        var c0 = Vector512.LoadUnsafe(ref sum, 64);
        var c1 = Vector512.LoadUnsafe(ref sum, 72);
        var c2 = Vector512.LoadUnsafe(ref sum, 80);
        var c3 = Vector512.LoadUnsafe(ref sum, 88);
        var d0 = Vector512.LoadUnsafe(ref sum, 96);
        var d1 = Vector512.LoadUnsafe(ref sum, 104);
        var d2 = Vector512.LoadUnsafe(ref sum, 112);
        var d3 = Vector512.LoadUnsafe(ref sum, 120);
        for (var j = from; j < to; j++)
        {
            ref var weight = ref Unsafe.Subtract(ref weights, j);
            var w0 = Vector512.LoadUnsafe(ref weight);
            var w1 = Vector512.LoadUnsafe(ref weight, 8);
            var w2 = Vector512.LoadUnsafe(ref weight, 16);
            var w3 = Vector512.LoadUnsafe(ref weight, 24);
            var value = Vector512.Create(Unsafe.Add(ref values, j));
            a0 = Vector512.FusedMultiplyAdd(value, w0, a0);
            a1 = Vector512.FusedMultiplyAdd(value, w1, a1);
            a2 = Vector512.FusedMultiplyAdd(value, w2, a2);
            a3 = Vector512.FusedMultiplyAdd(value, w3, a3);
            value = Vector512.Create(Unsafe.Add(ref values, line + j));
            b0 = Vector512.FusedMultiplyAdd(value, w0, b0);
            b1 = Vector512.FusedMultiplyAdd(value, w1, b1);
            b2 = Vector512.FusedMultiplyAdd(value, w2, b2);
            b3 = Vector512.FusedMultiplyAdd(value, w3, b3);
            value = Vector512.Create(Unsafe.Add(ref values, 2 * line + j));
            c0 = Vector512.FusedMultiplyAdd(value, w0, c0);
            c1 = Vector512.FusedMultiplyAdd(value, w1, c1);
            c2 = Vector512.FusedMultiplyAdd(value, w2, c2);
            c3 = Vector512.FusedMultiplyAdd(value, w3, c3);
            value = Vector512.Create(Unsafe.Add(ref values, 3 * line + j));
            d0 = Vector512.FusedMultiplyAdd(value, w0, d0);
            d1 = Vector512.FusedMultiplyAdd(value, w1, d1);
            d2 = Vector512.FusedMultiplyAdd(value, w2, d2);
            d3 = Vector512.FusedMultiplyAdd(value, w3, d3);
        }

        a0.StoreUnsafe(ref sum);
        a1.StoreUnsafe(ref sum, 8);
        a2.StoreUnsafe(ref sum, 16);
        a3.StoreUnsafe(ref sum, 24);
        b0.StoreUnsafe(ref sum, 32);
        b1.StoreUnsafe(ref sum, 40);
        b2.StoreUnsafe(ref sum, 48);
        b3.StoreUnsafe(ref sum, 56);
        c0.StoreUnsafe(ref sum, 64);
        c1.StoreUnsafe(ref sum, 72);
        c2.StoreUnsafe(ref sum, 80);
        c3.StoreUnsafe(ref sum, 88);
        d0.StoreUnsafe(ref sum, 96);
        d1.StoreUnsafe(ref sum, 104);
        d2.StoreUnsafe(ref sum, 112);
        d3.StoreUnsafe(ref sum, 120);
    }

    /// <summary>The same for processors with 16 registers of half the width: eight columns of all four lines at once take 11 of them. Each
    /// sum is made of the same operations in the same order as in <see cref="AddWide"/>, so its bits are the same.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void AddNarrow(ref double sum, ref double values, ref double weights, nint line, nint from, nint to)
    {
        for (nint column = 0; column < Block; column += 2 * Vector256<double>.Count)
        {
            ref var a = ref Unsafe.Add(ref sum, column);
            var a0 = Vector256.LoadUnsafe(ref a);
            var a1 = Vector256.LoadUnsafe(ref a, 4);
            var b0 = Vector256.LoadUnsafe(ref a, Block);
            var b1 = Vector256.LoadUnsafe(ref a, Block + 4);
            var c0 = Vector256.LoadUnsafe(ref a, 2 * Block);
            var c1 = Vector256.LoadUnsafe(ref a, 2 * Block + 4);
            var d0 = Vector256.LoadUnsafe(ref a, 3 * Block);
            var d1 = Vector256.LoadUnsafe(ref a, 3 * Block + 4);
            for (var j = from; j < to; j++)
            {
                ref var weight = ref Unsafe.Add(ref weights, column - j);
                var w0 = Vector256.LoadUnsafe(ref weight);
                var w1 = Vector256.LoadUnsafe(ref weight, 4);
                var value = Vector256.Create(Unsafe.Add(ref values, j));
                a0 = Vector256.FusedMultiplyAdd(value, w0, a0);
                a1 = Vector256.FusedMultiplyAdd(value, w1, a1);
                value = Vector256.Create(Unsafe.Add(ref values, line + j));
                b0 = Vector256.FusedMultiplyAdd(value, w0, b0);
                b1 = Vector256.FusedMultiplyAdd(value, w1, b1);
                value = Vector256.Create(Unsafe.Add(ref values, 2 * line + j));
                c0 = Vector256.FusedMultiplyAdd(value, w0, c0);
                c1 = Vector256.FusedMultiplyAdd(value, w1, c1);
                value = Vector256.Create(Unsafe.Add(ref values, 3 * line + j));
                d0 = Vector256.FusedMultiplyAdd(value, w0, d0);
                d1 = Vector256.FusedMultiplyAdd(value, w1, d1);
            }

            a0.StoreUnsafe(ref a);
            a1.StoreUnsafe(ref a, 4);
            b0.StoreUnsafe(ref a, Block);
            b1.StoreUnsafe(ref a, Block + 4);
            c0.StoreUnsafe(ref a, 2 * Block);
            c1.StoreUnsafe(ref a, 2 * Block + 4);
            d0.StoreUnsafe(ref a, 3 * Block);
            d1.StoreUnsafe(ref a, 3 * Block + 4);
        }
    }
}
