using Amnre.Engine.Masks;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Tests.Datasets;

/// <summary>theta and x are the row's index; every <paramref name="every"/>-th x is <paramref name="value"/>.</summary>
internal sealed class FailingSimulator(int every, float value = float.NaN) : ISimulator
{
    public string Name => "FAILING";

    public IReadOnlyList<string> Labels { get; } = ["row"];

    public IReadOnlyList<float> Low { get; } = [0];

    public IReadOnlyList<float> High { get; } = [1 << 24];

    public IReadOnlyList<int> ObservationShape { get; } = [3];

    public void Sample(ulong seed, long firstRow, Span<float> theta, Span<float> x)
    {
        for (var row = 0; row < theta.Length; row++)
        {
            var index = firstRow + row;
            theta[row] = index;
            x.Slice(3 * row, 3).Fill(index);
            if (index % every == every - 1) x[3 * row + 1] = value;
        }
    }

    public double LogPrior(ParameterMask mask, ReadOnlySpan<float> theta) => 0;
}
