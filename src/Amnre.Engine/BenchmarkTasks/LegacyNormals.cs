using Amnre.Engine.Distributions;

namespace Amnre.Engine.BenchmarkTasks;

/// <summary>Standard normal numbers as numpy's <c>RandomState(seed).randn()</c> gives them, to rounding. Matsumoto, Nishimura: Mersenne
/// twister (1998); Marsaglia's polar method.</summary>
internal sealed class LegacyNormals
{
    private const int Length = 624, Middle = 397;

    private readonly uint[] _state = new uint[Length];
    private int _place = Length;
    private double? _second;

    public LegacyNormals(uint seed)
    {
        for (var i = 0u; i < Length; i++)
        {
            _state[i] = seed;
            seed = 1812433253u * (seed ^ seed >> 30) + i + 1;
        }
    }

    public double Next()
    {
        if (_second is { } kept)
        {
            _second = null;
            return kept;
        }

        double u, v, square;
        do
        {
            (u, v) = (2 * Unit() - 1, 2 * Unit() - 1);
            square = u * u + v * v;
        }
        while (square >= 1 || square == 0);
        var factor = Math.Sqrt(-2 * ReproducibleIntegrals.Log(square) / square);
        _second = factor * u;
        return factor * v;
    }

    private double Unit() => ((Word() >> 5) * 67108864.0 + (Word() >> 6)) / 9007199254740992.0;

    private uint Word()
    {
        if (_place == Length)
        {
            for (var i = 0; i < Length; i++)
            {
                var both = _state[i] & 0x80000000 | _state[(i + 1) % Length] & 0x7FFFFFFF;
                _state[i] = _state[(i + Middle) % Length] ^ both >> 1 ^ ((both & 1) == 1 ? 0x9908B0DFu : 0);
            }

            _place = 0;
        }

        var y = _state[_place++];
        y ^= y >> 11;
        y ^= y << 7 & 0x9D2C5680;
        y ^= y << 15 & 0xEFC60000;
        return y ^ y >> 18;
    }
}
