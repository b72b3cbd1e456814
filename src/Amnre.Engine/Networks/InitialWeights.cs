using Amnre.Engine.Randomness;
using static TorchSharp.torch;

namespace Amnre.Engine.Networks;

/// <summary>Draws initial weights: the n-th tensor asked for is a function of (seed, n) alone.</summary>
internal sealed class InitialWeights(ulong seed)
{
    private ulong _drawn;

    /// <summary>Uniform in [-<paramref name="bound"/>, <paramref name="bound"/>).</summary>
    public Tensor Uniform(double bound, params long[] shape) =>
        Draw(shape, (ref CounterRandom random) => (float)((2 * random.NextDouble() - 1) * bound));

    /// <summary>Normal with mean zero.</summary>
    public Tensor Normal(double deviation, params long[] shape) =>
        Draw(shape, (ref CounterRandom random) => (float)(deviation * random.NextNormal()));

    /// <summary>0..<paramref name="count"/>-1 in random order.</summary>
    public long[] Permutation(int count)
    {
        var order = new long[count];
        for (var i = 0; i < count; i++) order[i] = i;
        new CounterRandom(seed, RandomPurpose.Permutations, _drawn++).Shuffle<long>(order);
        return order;
    }

    private Tensor Draw(long[] shape, Next next)
    {
        var random = new CounterRandom(seed, RandomPurpose.InitialWeights, _drawn++);
        var values = new float[shape.Aggregate(1L, (product, size) => product * size)];
        for (var i = 0; i < values.Length; i++) values[i] = next(ref random);
        return tensor(values, shape);
    }

    private delegate float Next(ref CounterRandom random);
}

/// <summary>What the layers of one model are built with.</summary>
internal sealed record Construction(InitialWeights Weights, ForwardMode Mode);
