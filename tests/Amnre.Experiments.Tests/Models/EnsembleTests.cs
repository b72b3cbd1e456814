using System.Text.Json.Nodes;
using Amnre.Experiments.Fields;
using Amnre.Experiments.Plans;
using Amnre.Experiments.Reading;
using Amnre.Jobs.Specs;

namespace Amnre.Experiments.Tests.Models;

/// <summary>Several trainings as one model of a study.</summary>
public sealed class EnsembleTests
{
    private const string Text =
        """
        name: small
        simulator: SLCP
        defaults: { models: { samples: train, epochs: 2 } }
        datasets:
          train: { rows: 1000 }
          other: { rows: 1000, seed: 3, moments: true }
          test: { rows: 100, seed: 1 }
        models:
          amnre: { arbitrary: true, replicates: 3 }
          apart: { arbitrary: true, samples: other }
          softmax: { arbitrary: true, criterion: NRE-B }
          all: { ENSEMBLE }
        evaluations:
          test: { data: test, models: MODELS, masks: [=1] }
        figures:
          FIGURE
        """;

    private const string Corner = "corner: { type: corner, evaluation: test, models: all }";

    [Fact]
    public void Its_evaluation_reads_all_members_and_is_named_after_it()
    {
        var plan = Plan("ensemble: amnre-*");

        var job = plan.Jobs.Single(job => job.Name == "evaluate/test/all");
        Assert.Equal(
            ["member train/amnre-1 model.pth", "member train/amnre-2 model.pth", "member train/amnre-3 model.pth",
                "samples gather/test dataset.h5"],
            job.Inputs.Select(input => $"{input.Role} {input.Job} {input.Output}"));
        Assert.Contains(job.Outputs, output => output.Path == "results/all_test.csv");
        Assert.Equal("mean", JsonNode.Parse(job.Settings)!["combine"]!.GetValue<string>());
        Assert.DoesNotContain(plan.Jobs, one => one.Name == "train/all");
        Assert.All(plan.Jobs.Single(one => one.Name == "plot/corner").Inputs, input => Assert.Equal("evaluate/test/all", input.Job));
    }

    [Fact]
    public void Its_fingerprint_is_that_of_its_members_and_the_way_of_combining()
    {
        string Of(string ensemble, string from = "", string to = "") =>
            Evaluation(Plan(ensemble, from: from, to: to)).Fingerprint.Text;

        var all = Of("ensemble: amnre-*");
        Assert.Equal(all, Of("ensemble: amnre"));
        Assert.Equal(all, Of("ensemble: [amnre-1, amnre-2, amnre-3], combine: mean"));
        Assert.NotEqual(all, Of("ensemble: [amnre-1, amnre-2]"));
        Assert.NotEqual(all, Of("ensemble: amnre-*, combine: mixture"));
        Assert.NotEqual(all, Of("ensemble: amnre-*", "epochs: 2", "epochs: 3"));
    }

    [Fact]
    public void A_sweep_over_ways_of_combining_is_a_model_for_each()
    {
        var plan = Plan("ensemble: amnre-*, sweep: { grid: { combine: [mean, mixture] } }",
            figure: Corner.Replace("all", "all-*", StringComparison.Ordinal));

        Assert.Equal(["evaluate/test/all-combine_mean", "evaluate/test/all-combine_mixture"],
            plan.Jobs.Where(job => job.Kind == JobKind.Evaluate).Select(job => job.Name));
    }

    /// <summary>Where no models are named: all there are, for figures of losses all trainings.</summary>
    [Fact]
    public void It_is_among_all_models_but_has_no_loss()
    {
        var plan = Plan("ensemble: amnre-*", "loss: { type: loss }", "models: all, ", "models: [amnre, softmax, all], ");

        Assert.Equal(5, plan.Jobs.Count(job => job.Kind == JobKind.Evaluate));
        Assert.Equal(5, plan.Jobs.Single(job => job.Kind == JobKind.Plot).Inputs.Count);
    }

    [Theory]
    [InlineData("ensemble: amre-*", Corner, "matches no model")]
    [InlineData("ensemble: []", Corner, "'ensemble' is empty")]
    [InlineData("ensemble: amnre-*, combine: median", Corner, "combine 'median' is unknown: give one of mean, mixture")]
    [InlineData("ensemble: amnre-*, epochs: 3", Corner, "unknown field 'epochs'")]
    [InlineData("ensemble: amnre-*, replicates: 3", Corner, "unknown field 'replicates'")]
    [InlineData("ensemble: all", Corner, "is no model of this file")]
    [InlineData("ensemble: [amnre-1, apart]", Corner, "members 'amnre-1' and 'apart' are of different data")]
    [InlineData("ensemble: [amnre-1, softmax], combine: mixture", Corner, "write 'mean'")]
    [InlineData("ensemble: amnre-*", "loss: { type: loss, models: all }", "name its members (known: amnre-1, amnre-2, amnre-3)")]
    [InlineData("arbitrary: true, combine: mean", Corner, "name them with 'ensemble', or leave it out")]
    [InlineData("arbitrary: true, epochs: 3, weights: more } \n  more: { ensemble: amnre-*", Corner, "is no model above this one")]
    public void What_cannot_be_is_told_with_its_remedy(string ensemble, string figure, string says)
    {
        var errors = Assert.Throws<ExperimentException>(() => Read(ensemble, figure)).Errors;

        Assert.Contains(errors, error => error.Message.Contains(says, StringComparison.Ordinal));
    }

    [Fact]
    public void Pairs_of_a_member_with_a_free_factor_are_refused() =>
        Assert.Contains("criterion NRE-B", Assert.Single(Assert.Throws<ExperimentException>(
            () => Read("ensemble: [amnre-1, softmax]", from: "masks: [=1]", to: "masks: [=1], kl: true")).Errors).Message,
            StringComparison.Ordinal);

    private static JobSpec Evaluation(ExperimentPlan plan) => plan.Jobs.Single(job => job.Kind == JobKind.Evaluate);

    private static ExperimentPlan Plan(string ensemble, string figure = Corner, string from = "", string to = "") =>
        Planner.Plan(Read(ensemble, figure, from, to));

    private static ExperimentFile Read(string ensemble, string figure = Corner, string from = "", string to = "")
    {
        var text = Text.Replace("ENSEMBLE", ensemble, StringComparison.Ordinal).Replace("FIGURE", figure, StringComparison.Ordinal)
            .Replace("MODELS", figure.Contains("all-*", StringComparison.Ordinal) ? "all-*" : "all", StringComparison.Ordinal);
        return ExperimentReader.Read("small.yaml", from.Length > 0 ? text.Replace(from, to, StringComparison.Ordinal) : text);
    }
}
