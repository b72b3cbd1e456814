using Amnre.Engine.Masks;
using Amnre.Engine.Randomness;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Tests.Training;

/// <summary>theta uniform in [-3, 3)^D, x = theta_(j mod D) + noise of a tenth.</summary>
internal sealed class ToySimulator(string name, int size, params int[] observation) : ISimulator
{
    public string Name => name;

    public string? BasisDigest { get; init; }

    public IReadOnlyList<string> Labels { get; } = [.. Enumerable.Range(1, size).Select(i => $"θ{i}")];

    public IReadOnlyList<float> Low { get; } = [.. Enumerable.Repeat(-3f, size)];

    public IReadOnlyList<float> High { get; } = [.. Enumerable.Repeat(3f, size)];

    public IReadOnlyList<int> ObservationShape => observation;

    public void Sample(ulong seed, long firstRow, Span<float> theta, Span<float> x)
    {
        var rows = theta.Length / size;
        var width = x.Length / rows;
        for (var row = 0; row < rows; row++)
        {
            var random = new CounterRandom(seed, RandomPurpose.Rows, (ulong)(firstRow + row));
            for (var i = 0; i < size; i++) theta[row * size + i] = 6 * random.NextSingle() - 3;
            for (var j = 0; j < width; j++) x[row * width + j] = theta[row * size + j % size] + 0.1f * (random.NextSingle() - 0.5f);
        }
    }

    public double LogPrior(ParameterMask mask, ReadOnlySpan<float> theta)
    {
        foreach (var value in theta)
            if (!(value is >= -3 and < 3)) return double.NegativeInfinity;
        return -mask.Count * Math.Log(6);
    }
}
