using Amnre.Engine.Catalog;
using Amnre.Engine.Inference;

namespace Amnre.Engine.Tests.Inference;

/// <summary>Which posteriors are asked for: each mask that is named, or a refusal that names it.</summary>
public sealed class QuestionTests
{
    [Theory]
    [InlineData("111", "mask '111' has 3 characters, but the simulator has 5 parameters")]
    [InlineData("111111", "mask '111111' has 6 characters")]
    [InlineData("00000", "mask '00000' selects no parameter")]
    [InlineData("=6", "mask '=6': the size after '=' must be a number from 1 to 5")]
    [InlineData("=0", "mask '=0'")]
    [InlineData("theta", "mask 'theta': write one 0 or 1 per parameter")]
    public void A_mask_that_cannot_be_is_refused_alone_and_beside_others(string mask, string told)
    {
        foreach (var masks in (string[][])[[mask], ["11000", mask], [mask, "=1"]])
            Assert.Contains(told, Assert.Throws<InputException>(() => Masks(masks, null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mask_with_a_parameter_that_is_given_is_refused()
    {
        foreach (var masks in (string[][])[["11000"], ["01000", "11000"]])
            Assert.Contains("mask '11000' holds parameters that are given, 10000",
                Assert.Throws<InputException>(() => Masks(masks, "0")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_size_means_each_subset_that_is_not_given_and_a_mask_counts_once()
    {
        Assert.Equal(["01000", "00100", "00010", "00001"], Masks(["=1"], "0"));
        Assert.Equal(["11000", "10000"], Masks(["11000", "10000", "11000"], null));
    }

    private static IEnumerable<string> Masks(string[] masks, string? given) => Question.Of(
        new InferSettings
        {
            Masks = masks,
            Given = given is null ? new Dictionary<string, float>() : new Dictionary<string, float> { [given] = 0.5f },
        },
        SimulatorCatalog.Find("SLCP")).Select(question => question.Mask.ToString());
}
