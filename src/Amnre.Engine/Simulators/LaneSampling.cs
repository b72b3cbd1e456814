using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Amnre.Engine.Randomness;

namespace Amnre.Engine.Simulators;

/// <summary>Lays the lanes of a kernel out as rows. A last group of fewer than eight rows runs the same code and drops the
/// spare lanes, so a row's bytes do not depend on its neighbours.</summary>
internal static class LaneSampling
{
    public static void Fill<TKernel>(ulong seed, long firstRow, Span<float> theta, Span<float> x)
        where TKernel : ILaneKernel
    {
        var rows = Rows<TKernel>(theta.Length, x.Length);
        Span<Vector256<float>> thetaLanes = stackalloc Vector256<float>[TKernel.ParameterCount];
        Span<Vector256<float>> xLanes = stackalloc Vector256<float>[TKernel.ObservedCount];
        for (var row = 0; row < rows; row += RowWords.Lanes)
        {
            var count = Math.Min(RowWords.Lanes, rows - row);
            var words = new RowWords(seed, firstRow + row);
            TKernel.Draw(ref words, thetaLanes);
            TKernel.Observe(ref words, thetaLanes, xLanes);
            Scatter(thetaLanes, count, theta.Slice(row * thetaLanes.Length, count * thetaLanes.Length));
            Scatter(xLanes, count, x.Slice(row * xLanes.Length, count * xLanes.Length));
        }
    }

    /// <summary>Simulates given parameters, with the numbers of <see cref="RandomPurpose.Predictive"/>.</summary>
    public static void Observe<TKernel>(ulong seed, long firstRow, ReadOnlySpan<float> theta, Span<float> x)
        where TKernel : ILaneObserver => Observe<TKernel>(seed, firstRow, RandomPurpose.Predictive, theta, x);

    /// <summary>Simulates given parameters, with the numbers of a purpose.</summary>
    public static void Observe<TKernel>(ulong seed, long firstRow, RandomPurpose purpose, ReadOnlySpan<float> theta, Span<float> x)
        where TKernel : ILaneObserver
    {
        var rows = Rows<TKernel>(theta.Length, x.Length);
        Span<Vector256<float>> thetaLanes = stackalloc Vector256<float>[TKernel.ParameterCount];
        Span<Vector256<float>> xLanes = stackalloc Vector256<float>[TKernel.ObservedCount];
        for (var row = 0; row < rows; row += RowWords.Lanes)
        {
            var count = Math.Min(RowWords.Lanes, rows - row);
            var words = new RowWords(seed, firstRow + row, purpose);
            Gather(theta.Slice(row * thetaLanes.Length, count * thetaLanes.Length), count, thetaLanes);
            TKernel.Observe(ref words, thetaLanes, xLanes);
            Scatter(xLanes, count, x.Slice(row * xLanes.Length, count * xLanes.Length));
        }
    }

    private static int Rows<TKernel>(int thetaLength, int xLength)
        where TKernel : ILaneObserver
    {
        var rows = thetaLength / TKernel.ParameterCount;
        return thetaLength == rows * TKernel.ParameterCount && xLength == rows * TKernel.ObservedCount
            ? rows
            : throw new ArgumentException(
                $"theta and x must hold whole rows of {TKernel.ParameterCount} and {TKernel.ObservedCount} values");
    }

    /// <summary>Spare lanes repeat the last row.</summary>
    private static void Gather(ReadOnlySpan<float> rows, int count, Span<Vector256<float>> lanes)
    {
        var values = MemoryMarshal.Cast<Vector256<float>, float>(lanes);
        for (var row = 0; row < RowWords.Lanes; row++)
            for (var i = 0; i < lanes.Length; i++) values[i * RowWords.Lanes + row] = rows[Math.Min(row, count - 1) * lanes.Length + i];
    }

    private static void Scatter(ReadOnlySpan<Vector256<float>> lanes, int count, Span<float> rows)
    {
        var values = MemoryMarshal.Cast<Vector256<float>, float>(lanes);
        for (var row = 0; row < count; row++)
        {
            var target = rows.Slice(row * lanes.Length, lanes.Length);
            for (var i = 0; i < target.Length; i++) target[i] = values[i * RowWords.Lanes + row];
        }
    }
}
