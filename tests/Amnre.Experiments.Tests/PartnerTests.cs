using static Amnre.Experiments.Tests.ShortFiles;

namespace Amnre.Experiments.Tests;

/// <summary>Models that are trained against, or start from, the models of another section.</summary>
public sealed class PartnerTests
{
    private const string Swept = "models:\n  t: { samples: train, sweep: { grid: { lr: [1e-3, 1e-4] } }, replicates: 2 }\n";

    [Fact]
    public void Replicates_pair_with_the_same_replicate()
    {
        var models = Read("models:\n  t: { samples: train, replicates: 3 }\n  s: { samples: train, adversary: t, replicates: 2 }").Models;

        Assert.Equal([("s-1", "t-1"), ("s-2", "t-2")], models.Skip(3).Select(model => (model.Name, model.Adversary)));
    }

    [Fact]
    public void A_section_takes_over_the_points_and_replicates_of_its_partner()
    {
        var models = Read($"{Swept}  s: {{ samples: train, adversary: t, epochs: 3 }}").Models;

        Assert.Equal(
            [("s-lr_1e-3-1", "t-lr_1e-3-1"), ("s-lr_1e-3-2", "t-lr_1e-3-2"), ("s-lr_1e-4-1", "t-lr_1e-4-1"),
                ("s-lr_1e-4-2", "t-lr_1e-4-2")],
            models.Skip(4).Select(model => (model.Name, model.Adversary)));
        // The swept setting is the partner's, not this section's.
        Assert.All(models.Skip(4), model => Assert.Equal(1e-3, model.Settings.LearningRate));
    }

    [Theory]
    [InlineData("weights: t-lr_1e-4", "s-1:t-lr_1e-4-1 s-2:t-lr_1e-4-2")]
    [InlineData("weights: t-lr_1e-4-2", "s:t-lr_1e-4-2")]
    [InlineData("weights: t-lr_1e-4-2, replicates: 2", "s-1:t-lr_1e-4-2 s-2:t-lr_1e-4-2")]
    public void A_point_or_a_member_may_be_named(string fields, string pairs)
    {
        var models = Read($"{Swept}  s: {{ samples: train, {fields} }}").Models;

        Assert.Equal(pairs.Split(' '), models.Skip(4).Select(model => $"{model.Name}:{model.Weights}"));
    }

    [Theory]
    [InlineData("adversary: t, replicates: 3",
        "'s-lr_1e-3-3' has no partner in 't', which stands for t-lr_1e-3-1, t-lr_1e-3-2, t-lr_1e-4-1, …")]
    [InlineData("adversary: t, sweep: { grid: { lr: [1e-3, 1e-5] } }", "'s-lr_1e-5-1' has no partner in 't'")]
    [InlineData("adversary: u", "adversary 'u' is no model above this one of this file (known: t)")]
    [InlineData("adversary: s", "adversary 's' is no model above this one of this file (known: t)")]
    public void A_member_without_a_partner_is_a_fault(string fields, string message) =>
        Assert.Contains(Errors($"{Swept}  s: {{ samples: train, {fields} }}"), error => error.Line == 8
            && error.Message.Contains(message, StringComparison.Ordinal));
}
