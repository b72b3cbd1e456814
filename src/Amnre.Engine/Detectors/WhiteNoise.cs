using System.Runtime.Intrinsics;
using Amnre.Engine.Distributions;
using Amnre.Engine.Randomness;

namespace Amnre.Engine.Detectors;

/// <summary>Independent N(0, 1), sixteen at a time.</summary>
internal static class WhiteNoise
{
    private const int Together = 16;

    public static void Add(ref CounterRandom random, Span<float> x)
    {
        Span<uint> words = stackalloc uint[Together];
        Span<float> normals = stackalloc float[Together];
        for (var i = 0; i < x.Length; i += Together)
        {
            for (var j = 0; j < Together; j++) words[j] = random.NextUInt32();
            NormalPair.From(Vector256.Create<uint>(words), Vector256.Create<uint>(words[8..]), out var first, out var second);
            first.CopyTo(normals);
            second.CopyTo(normals[8..]);
            var some = x.Slice(i, Math.Min(Together, x.Length - i));
            for (var j = 0; j < some.Length; j++) some[j] += normals[j];
        }
    }
}
