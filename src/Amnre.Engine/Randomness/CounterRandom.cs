namespace Amnre.Engine.Randomness;

/// <summary>What random numbers are drawn for. Each purpose has draws of its own under the same seed, so that adding one
/// purpose never changes another. Values are part of the results: never renumber, nor use again what was once taken (8).</summary>
public enum RandomPurpose
{
    None = 0,
    Rows = 1,
    InitialWeights = 2,
    Permutations = 3,
    Batches = 4,
    Masks = 5,
    Dropout = 6,
    Validation = 7,
    Chains = 9,
    Resampling = 10,
    ReferenceEvents = 11,
    LiveNoise = 12,
    ReducedBasis = 13,
    Predictive = 14,
    ChainRule = 15,
    Verdicts = 16,
    AnnealedDraws = 18,
    BenchmarkNoise = 19,
    ProgramRows = 20,
    Sweeps = 30,
}

/// <summary>The random numbers of (seed, purpose, index): a short sequence that depends on nothing else, so that any
/// row, step or chain can be drawn alone, in any order, on any worker.</summary>
public struct CounterRandom(ulong seed, RandomPurpose purpose, ulong index)
{
    private uint _block;
    private uint _w1, _w2, _w3;
    private int _left;

    public uint NextUInt32()
    {
        if (_left == 0)
        {
            uint c0 = _block++, c1 = (uint)purpose, c2 = (uint)index, c3 = (uint)(index >> 32);
            Philox.Block(ref c0, ref c1, ref c2, ref c3, seed);
            (_w1, _w2, _w3, _left) = (c1, c2, c3, 3);
            return c0;
        }

        return _left-- switch { 3 => _w1, 2 => _w2, _ => _w3 };
    }

    public ulong NextUInt64() => (ulong)NextUInt32() << 32 | NextUInt32();

    /// <summary>Uniform in [0, 1), 24 bits.</summary>
    public float NextSingle() => (NextUInt32() >> 8) * (1f / (1 << 24));

    /// <summary>Uniform in [0, 1), 53 bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1L << 53));

    /// <summary>Standard normal: the first of the pair of Box and Muller (1958).</summary>
    public double NextNormal()
    {
        var radius = Math.Sqrt(-2 * Math.Log(1 - NextDouble()));
        return radius * Math.Cos(2 * Math.PI * NextDouble());
    }

    /// <summary>Uniform in 0..<paramref name="bound"/>-1, without bias (Lemire 2019).</summary>
    public uint NextBelow(uint bound)
    {
        ArgumentOutOfRangeException.ThrowIfZero(bound);
        var product = (ulong)NextUInt32() * bound;
        if ((uint)product < bound)
        {
            var threshold = (0u - bound) % bound;
            while ((uint)product < threshold) product = (ulong)NextUInt32() * bound;
        }

        return (uint)(product >> 32);
    }

    /// <summary>Puts <paramref name="items"/> in a uniformly random order (Fisher–Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = (int)NextBelow((uint)i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
