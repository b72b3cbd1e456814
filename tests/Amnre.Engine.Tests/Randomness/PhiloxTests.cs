using Amnre.Engine.Randomness;

namespace Amnre.Engine.Tests.Randomness;

public sealed class PhiloxTests
{
    /// <summary>Known-answer vectors of the Random123 distribution (kat_vectors, philox4x32 10 rounds).</summary>
    [Theory]
    [InlineData(0u, 0u, 0u, 0u, 0ul, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(~0u, ~0u, ~0u, ~0u, ~0ul, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0x299f31d0a4093822ul, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u,
        0x24126ea1u)]
    public void Block_gives_the_published_words(
        uint c0, uint c1, uint c2, uint c3, ulong key, uint r0, uint r1, uint r2, uint r3)
    {
        Philox.Block(ref c0, ref c1, ref c2, ref c3, key);

        Assert.Equal((r0, r1, r2, r3), (c0, c1, c2, c3));
    }

    [Fact]
    public void A_sequence_depends_on_seed_purpose_and_index_only()
    {
        static uint[] Draw(ulong seed, RandomPurpose purpose, ulong index)
        {
            var random = new CounterRandom(seed, purpose, index);
            return [.. Enumerable.Range(0, 9).Select(_ => random.NextUInt32())];
        }

        Assert.Equal(Draw(1, RandomPurpose.Rows, 7), Draw(1, RandomPurpose.Rows, 7));
        Assert.Equal(9, Draw(1, RandomPurpose.Rows, 7).Distinct().Count());
        Assert.NotEqual(Draw(1, RandomPurpose.Rows, 7), Draw(2, RandomPurpose.Rows, 7));
        Assert.NotEqual(Draw(1, RandomPurpose.Rows, 7), Draw(1, RandomPurpose.Masks, 7));
        Assert.NotEqual(Draw(1, RandomPurpose.Rows, 7), Draw(1, RandomPurpose.Rows, 8));
    }

    [Fact]
    public void Shuffle_reaches_every_order_equally_often()
    {
        var counts = new Dictionary<string, int>();
        for (ulong i = 0; i < 60_000; i++)
        {
            var random = new CounterRandom(3, RandomPurpose.Permutations, i);
            Span<char> items = ['a', 'b', 'c'];
            random.Shuffle(items);
            var order = new string(items);
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }

        Assert.Equal(6, counts.Count);
        Assert.All(counts.Values, count => Assert.InRange(count, 9_600, 10_400));
    }
}
