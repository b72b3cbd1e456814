namespace Amnre.Engine.Randomness;

/// <summary>Philox4x32-10, a counter-based generator: block c of key k is a pure function of (c, k).
/// Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3 (SC 2011).</summary>
internal static class Philox
{
    /// <summary>Multipliers of a round, and what is added to the key after it.</summary>
    public const uint M0 = 0xD2511F53, M1 = 0xCD9E8D57, W0 = 0x9E3779B9, W1 = 0xBB67AE85;

    public const int Rounds = 10;

    /// <summary>Replaces the counter (<paramref name="c0"/>, …, <paramref name="c3"/>) by the four words of its block.</summary>
    public static void Block(ref uint c0, ref uint c1, ref uint c2, ref uint c3, ulong key)
    {
        var k0 = (uint)key;
        var k1 = (uint)(key >> 32);
        for (var round = 0; round < Rounds; round++)
        {
            var p0 = (ulong)M0 * c0;
            var p1 = (ulong)M1 * c2;
            (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ k1, (uint)p0);
            k0 += W0;
            k1 += W1;
        }
    }
}
