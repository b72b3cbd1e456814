using System.Text.Json.Nodes;
using Amnre.Engine.Masks;
using Amnre.Engine.Tests.Golden;

namespace Amnre.Engine.Tests.Masks;

public sealed class MaskListTests
{
    private static readonly JsonNode Golden = GoldenFile.Json("masks.json");

    [Fact]
    public void Lists_expand_to_the_original_s_masks_in_its_order()
    {
        var cases = Golden["list2masks"]!.AsArray();
        Assert.NotEmpty(cases);
        foreach (var item in cases)
        {
            var filter = item!["filter"]?.GetValue<string>() is { } bits ? ParameterMask.Parse(bits) : (ParameterMask?)null;

            var masks = MaskList.Expand(item["strings"]!.AsArray().Select(text => text!.GetValue<string>()), item["size"]!.GetValue<int>(),
                filter, out var errors);

            // The original cuts a mask that is too long and takes a size that no mask has for none; here both are errors.
            if (errors.Count > 0)
            {
                Assert.All(errors, error => Assert.Matches("mask '(11100|=4)'", error));
                continue;
            }

            Assert.Equal(item["masks"]!.AsArray().Select(mask => mask!.GetValue<string>()), masks.Select(mask => mask.ToString()));
        }
    }

    [Fact]
    public void All_subsets_of_a_size_are_the_original_s_with_parameter_0_least_significant()
    {
        foreach (var (size, expected) in Golden["enumerate_masks"]!.AsObject())
        {
            var full = ParameterMask.Full(int.Parse(size));
            var all = Enumerable.Range(1, full.Size).SelectMany(count => MaskList.OfCount(count, full)).OrderBy(mask => mask.Bits);

            Assert.Equal(expected!.AsArray().Select(mask => mask!.GetValue<string>()), all.Select(mask => mask.ToString()));
        }
    }

    [Fact]
    public void Integers_are_the_original_s_masks()
    {
        var golden = Golden["bit_repr"]!;
        var rows = golden["out"]!.AsArray();
        foreach (var (integer, row) in golden["integers"]!.AsArray().Zip(rows))
            Assert.Equal(
                string.Concat(row!.AsArray().Select(bit => bit!.GetValue<bool>() ? '1' : '0')),
                new ParameterMask(integer!.GetValue<uint>(), row.AsArray().Count).ToString());
    }

    [Theory]
    [InlineData("=0", "from 1 to 3")]
    [InlineData("=4", "from 1 to 3")]
    [InlineData("=x", "from 1 to 3")]
    [InlineData("10x", "one 0 or 1 per parameter")]
    [InlineData("10", "has 2 characters")]
    [InlineData("000", "selects no parameter")]
    public void What_is_no_mask_is_named_with_its_remedy(string item, string message)
    {
        MaskList.Expand([item], 3, null, out var errors);

        Assert.Contains(message, Assert.Single(errors), StringComparison.Ordinal);
        Assert.Contains(item, errors[0], StringComparison.Ordinal);
    }
}
