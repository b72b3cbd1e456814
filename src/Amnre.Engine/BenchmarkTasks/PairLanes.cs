using System.Runtime.Intrinsics;

namespace Amnre.Engine.BenchmarkTasks;

/// <summary>Four rows side by side.</summary>
internal static class PairLanes
{
    /// <summary>One parameter of rows <paramref name="row"/> to row + 3; beyond the last row it is repeated.</summary>
    public static Vector256<double> Gather(ReadOnlySpan<float> theta, int row, int parameter, int size)
    {
        var last = theta.Length / size - 1;
        return Vector256.Create(
            (double)theta[row * size + parameter], theta[Math.Min(row + 1, last) * size + parameter],
            theta[Math.Min(row + 2, last) * size + parameter], theta[Math.Min(row + 3, last) * size + parameter]);
    }
}
