using Amnre.Engine.Masks;
using Amnre.Engine.Randomness;
using Amnre.Engine.Tests.Golden;

namespace Amnre.Engine.Tests.Masks;

public sealed class RandomMasksTests
{
    [Fact]
    public void Uniform_draws_every_subset_equally_often()
    {
        var counts = Count(new UniformMasks(ParameterMask.Full(5)), 31_000);

        Assert.Equal(31, counts.Count);
        Assert.DoesNotContain(0u, counts.Keys);
        Assert.All(counts.Values, count => Assert.InRange(count, 850, 1150));
    }

    [Fact]
    public void Uniform_keeps_to_the_filter()
    {
        var filter = ParameterMask.Parse("11010");

        var counts = Count(new UniformMasks(filter), 7_000);

        Assert.Equal(GoldenFile.Json("masks.json")["uniform_filter_check"]!.AsObject().Select(item => item.Key).Order(),
            counts.Keys.Select(bits => new ParameterMask(bits, 5).ToString()).Order());
        Assert.All(counts.Values, count => Assert.InRange(count, 850, 1150));
    }

    [Fact]
    public void Poisson_draws_one_size_for_a_batch_with_the_original_s_frequencies_and_every_subset_of_it()
    {
        var expected = GoldenFile.Json("masks.json")["poisson_check"]!["k_pmf_size5"]!.AsObject();
        var sizes = new int[6];
        var subsets = new HashSet<uint>();
        var masks = new uint[8];
        const int Batches = 40_000;
        for (ulong batch = 0; batch < Batches; batch++)
        {
            var random = new CounterRandom(1, RandomPurpose.Masks, batch);
            new PoissonMasks(ParameterMask.Full(5)).Draw(masks, ref random);
            Assert.Single(masks.Select(bits => new ParameterMask(bits, 5).Count).Distinct());
            sizes[new ParameterMask(masks[0], 5).Count]++;
            subsets.UnionWith(masks);
        }

        Assert.Equal(31, subsets.Count);
        foreach (var (size, frequency) in expected)
            Assert.Equal(frequency!.GetValue<double>(), sizes[int.Parse(size)] / (double)Batches, 0.01);
    }

    [Fact]
    public void A_list_draws_its_items_and_no_others()
    {
        ParameterMask[] list = [ParameterMask.Parse("100"), ParameterMask.Parse("011")];

        Assert.Equal(list.Select(mask => mask.Bits).Order(), Count(new ListedMasks(list), 100).Keys.Order());
    }

    private static Dictionary<uint, int> Count(RandomMasks distribution, int draws)
    {
        var masks = new uint[draws];
        var random = new CounterRandom(2, RandomPurpose.Masks, 0);
        distribution.Draw(masks, ref random);
        return masks.CountBy(bits => bits).ToDictionary();
    }
}
