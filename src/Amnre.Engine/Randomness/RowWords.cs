using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Amnre.Engine.Randomness;

/// <summary>The random words of eight consecutive rows, drawn side by side: lane k of the j-th call of <see cref="Next"/> is
/// the j-th word of <see cref="CounterRandom"/>(seed, purpose, firstRow + k).</summary>
internal struct RowWords
{
    public const int Lanes = 8;

    private readonly ulong _seed;
    private readonly RandomPurpose _purpose;
    private readonly Vector256<ulong> _lowRows;
    private readonly Vector256<ulong> _highRows;
    private Vector256<uint> _w1, _w2, _w3;
    private uint _block;
    private int _left;

    public RowWords(ulong seed, long firstRow, RandomPurpose purpose = RandomPurpose.Rows)
    {
        (_seed, _purpose) = (seed, purpose);
        _lowRows = Vector256.Create((ulong)firstRow) + Vector256.Create(0ul, 1, 2, 3);
        _highRows = Vector256.Create((ulong)firstRow) + Vector256.Create(4ul, 5, 6, 7);
    }

    public Vector256<uint> Next()
    {
        if (_left == 0)
        {
            _left = 3;
            return NextBlock();
        }

        return _left-- switch { 3 => _w1, 2 => _w2, _ => _w3 };
    }

    /// <summary>Uniform in [0, 1), 24 bits, as <see cref="CounterRandom.NextSingle"/>.</summary>
    public Vector256<float> NextUnit() =>
        Vector256.ConvertToSingle((Next() >>> 8).AsInt32()) * Vector256.Create(1f / (1 << 24));

    private Vector256<uint> NextBlock()
    {
        var block = _block++;
        Rounds(_lowRows, block, _purpose, _seed, out var a0, out var a1, out var a2, out var a3);
        Rounds(_highRows, block, _purpose, _seed, out var b0, out var b1, out var b2, out var b3);
        _w1 = Vector256.Narrow(a1, b1);
        _w2 = Vector256.Narrow(a2, b2);
        _w3 = Vector256.Narrow(a3, b3);
        return Vector256.Narrow(a0, b0);
    }

    /// <summary>Philox4x32-10 of four counters, one per 64-bit lane; only the lower half of a lane counts, the upper is noise.</summary>
    private static void Rounds(
        Vector256<ulong> rows, uint block, RandomPurpose purpose, ulong seed,
        out Vector256<ulong> c0, out Vector256<ulong> c1, out Vector256<ulong> c2, out Vector256<ulong> c3)
    {
        var (m0, m1) = (Vector256.Create((ulong)Philox.M0), Vector256.Create((ulong)Philox.M1));
        (c0, c1) = (Vector256.Create((ulong)block), Vector256.Create((ulong)purpose));
        (c2, c3) = (rows, rows >>> 32);
        uint k0 = (uint)seed, k1 = (uint)(seed >> 32);
        for (var round = 0; round < Philox.Rounds; round++)
        {
            var p0 = Product(m0, c0);
            var p1 = Product(m1, c2);
            c0 = (p1 >>> 32) ^ c1 ^ Vector256.Create((ulong)k0);
            c2 = (p0 >>> 32) ^ c3 ^ Vector256.Create((ulong)k1);
            (c1, c3) = (p1, p0);
            k0 += Philox.W0;
            k1 += Philox.W1;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Product(Vector256<ulong> a, Vector256<ulong> b) =>
        Avx2.IsSupported
            ? Avx2.Multiply(a.AsUInt32(), b.AsUInt32())
            : (a & Vector256.Create(0xFFFF_FFFFul)) * (b & Vector256.Create(0xFFFF_FFFFul));
}
