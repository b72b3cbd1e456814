using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Amnre.Engine.Randomness;

namespace Amnre.Engine.Simulators;

/// <summary>Lays the lanes of a kernel out as rows. A last group of fewer than eight rows runs the same code and drops the
/// spare lanes, so a row's bytes do not depend on its neighbours.</summary>
internal static class LaneSampling
{
    public static void Fill<TKernel>(ulong seed, long firstRow, Span<float> theta, Span<float> x)
        where TKernel : ILaneKernel => Run<TKernel>(seed, firstRow, given: [], theta, x);

    /// <summary>Simulates given parameters, with the numbers of <see cref="RandomPurpose.Predictive"/>.</summary>
    public static void Observe<TKernel>(ulong seed, long firstRow, ReadOnlySpan<float> theta, Span<float> x)
        where TKernel : ILaneKernel => Run<TKernel>(seed, firstRow, theta, drawn: [], x);

    /// <summary>Parameters are <paramref name="given"/> or, where none are, <paramref name="drawn"/>.</summary>
    private static void Run<TKernel>(ulong seed, long firstRow, ReadOnlySpan<float> given, Span<float> drawn, Span<float> x)
        where TKernel : ILaneKernel
    {
        int thetaSize = TKernel.ParameterCount, observationSize = TKernel.ObservedCount;
        var (draws, length) = (given.IsEmpty, given.Length + drawn.Length);
        var rows = length / thetaSize;
        if (length != rows * thetaSize || x.Length != rows * observationSize)
            throw new ArgumentException($"theta and x must hold whole rows of {thetaSize} and {observationSize} values");

        Span<Vector256<float>> thetaLanes = stackalloc Vector256<float>[thetaSize];
        Span<Vector256<float>> xLanes = stackalloc Vector256<float>[observationSize];
        for (var row = 0; row < rows; row += RowWords.Lanes)
        {
            var count = Math.Min(RowWords.Lanes, rows - row);
            var words = new RowWords(seed, firstRow + row, draws ? RandomPurpose.Rows : RandomPurpose.Predictive);
            if (draws) TKernel.Draw(ref words, thetaLanes);
            else Gather(given.Slice(row * thetaSize, count * thetaSize), count, thetaLanes);
            TKernel.Observe(ref words, thetaLanes, xLanes);
            if (draws) Scatter(thetaLanes, count, drawn.Slice(row * thetaSize, count * thetaSize));
            Scatter(xLanes, count, x.Slice(row * observationSize, count * observationSize));
        }
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
