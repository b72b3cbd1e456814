using Amnre.Engine.Settings;
using Amnre.Experiments.Fields;
using Amnre.Experiments.Plans;
using Amnre.Experiments.Reading;
using Amnre.Jobs.Specs;

namespace Amnre.Experiments.Tests.Models;

/// <summary>Searches by successive halving: all that there can be is planned.</summary>
public sealed class SearchPlanTests
{
    private const string Text =
        """
        name: small
        simulator: SLCP
        datasets:
          train: { rows: 1000 }
          valid: { rows: 100, seed: 1 }
        models:
          best:
            samples: train
            valid: valid
            arbitrary: true
            epochs: 9
            search: { over: { grid: { lr: [1e-2, 1e-3, 1e-4], model.hidden_size: [8, 16] } }, halving: { first: 1 } }
          plain: { samples: train, valid: valid, arbitrary: true, epochs: 9, lr: 1e-3, model: { hidden_size: 16 } }
        evaluations:
          check: { data: valid, models: best, indices: [0, 1], bins: 10 }
        """;

    [Fact]
    public void Each_rung_is_a_training_of_each_candidate_that_resumes_the_rung_below_where_the_decision_admits_it()
    {
        var plan = Plan(Text);

        Assert.Equal(18, plan.Jobs.Count(job => job.Name.StartsWith("train/best/", StringComparison.Ordinal)));
        var second = Of(plan, "train/best/2/lr_1e-3-hidden_size_16");
        Assert.Equal(3, CanonicalJson.Read<TrainSettings>(second.Settings).StopAfter);
        Assert.Equal(("decide/best/1", "lr_1e-3-hidden_size_16"),
            second.Inputs.Where(input => input.Role == JobInput.Admission).Select(input => (input.Job, input.Branch)).Single());
        Assert.Equal("train/best/1/lr_1e-3-hidden_size_16", second.Inputs.Single(input => input.Role == JobInput.Resume).Job);
        var decision = Of(plan, "decide/best/2");
        Assert.All(decision.Inputs.Where(input => input.Role.StartsWith("candidate", StringComparison.Ordinal)),
            input => Assert.True(input.Optional));
        Assert.All(Of(plan, "decide/best/1").Inputs, input => Assert.False(input.Optional));
        Assert.Contains("models/best.pth", Of(plan, "decide/best/3").Outputs.Select(output => output.Path));
        Assert.Equal("decide/best/3", Of(plan, "evaluate/check/best").Inputs[0].Job);
    }

    [Fact]
    public void The_last_rung_has_the_fingerprint_of_the_plain_training_and_no_rung_that_of_another()
    {
        var plan = Plan(Text);
        Assert.Equal(Of(plan, "train/plain").Fingerprint, Of(plan, "train/best/3/lr_1e-3-hidden_size_16").Fingerprint);
        Assert.NotEqual(
            Of(plan, "train/best/1/lr_1e-3-hidden_size_16").Fingerprint, Of(plan, "train/best/2/lr_1e-3-hidden_size_16").Fingerprint);
        // Rungs that begin elsewhere decide otherwise, and train the same.
        var other = Plan(Text.Replace("first: 1", "first: 3", StringComparison.Ordinal));
        Assert.Equal(
            Of(plan, "train/best/2/lr_1e-4-hidden_size_8").Fingerprint, Of(other, "train/best/1/lr_1e-4-hidden_size_8").Fingerprint);
        Assert.NotEqual(Of(plan, "decide/best/2").Fingerprint, Of(other, "decide/best/1").Fingerprint);
    }

    [Fact]
    public void Rungs_of_fifty_four_candidates_train_a_ninth_of_the_grids_epochs()
    {
        var rungs = Halving.Rungs(54, 4, 3, 108);
        Assert.Equal([(4, 54, 18), (12, 18, 6), (36, 6, 2), (108, 2, 1)], rungs.Select(rung => (rung.Epochs, rung.Most, rung.Keep)));
        var search = new SearchSection("valid.loss", [.. Enumerable.Repeat<SearchCandidate>(null!, 54)], rungs);
        Assert.Equal((80, 648L, 5832L), (search.Trainings, search.Epochs, search.EpochsOfAll));
        // A single one that is left is trained to the end at once.
        Assert.Equal([(1, 2, 1), (100, 1, 1)], Halving.Rungs(2, 1, 3, 100).Select(rung => (rung.Epochs, rung.Most, rung.Keep)));
    }

    [Fact]
    public void Random_candidates_are_drawn_when_the_file_is_read()
    {
        var text = Text.Replace("grid: { lr: [1e-2, 1e-3, 1e-4], model.hidden_size: [8, 16] }",
            "random: { count: 4, seed: 7, fields: { lr: { log_uniform: [1e-4, 1e-2] } } }", StringComparison.Ordinal);
        Assert.Equal(Plan(text).Jobs.Select(job => job.Fingerprint), Plan(text).Jobs.Select(job => job.Fingerprint));
        Assert.Contains("train/best/1/draw_4", Plan(text).Jobs.Select(job => job.Name));
    }

    [Theory]
    [InlineData("first: 1", "first: 9", "first 9 leaves no rung below the 9 epochs of the section")]
    [InlineData("first: 1", "first: 0", "first 0 trains nothing")]
    [InlineData("first: 1", "first: 1, factor: 1", "factor 1 would prune nothing: write 2 or more")]
    [InlineData("first: 1", "first: 1, facto: 1", "unknown field 'facto'; did you mean 'factor'?")]
    [InlineData("halving:", "metric: valid.los, halving:", "metric 'valid.los' is unknown: give one of valid.loss, valid.nll, train.loss")]
    [InlineData(", halving: { first: 1 }", "", "'halving' is missing")]
    [InlineData("[1e-2, 1e-3, 1e-4], model.hidden_size: [8, 16]", "[1e-2]", "a search over one candidate compares nothing")]
    [InlineData("lr: [1e-2, 1e-3, 1e-4]", "lrr: [1e-2, 1e-3]", "unknown field 'lrr'; did you mean 'lr'?")]
    [InlineData("lr: [1e-2, 1e-3, 1e-4]", "epochs: [10, 20]", "'epochs' is the same for all candidates of a search")]
    [InlineData("lr: [1e-2, 1e-3, 1e-4]", "arbitrary: [true, false]", "'arbitrary' is the same for all candidates of a search")]
    [InlineData("lr: [1e-2, 1e-3, 1e-4]", "lr: [1e-2, 0.01]", "are the same: remove values that occur twice or that change nothing")]
    [InlineData("lr: [1e-2, 1e-3, 1e-4]", "lr: [1e-2, 1e-2]", "two candidates would be called 'lr_1e-2-hidden_size_8'")]
    [InlineData("lr: [1e-2, 1e-3, 1e-4]", "criterion: [NLL, BNRE]", "the candidates have several: write metric: valid.nll")]
    [InlineData("over: { grid: { lr: [1e-2, 1e-3, 1e-4], model.hidden_size: [8, 16] } }, ", "", "'over' is missing")]
    [InlineData("    epochs: 9\n", "    epochs: 9\n    replicates: 2\n", "'replicates' cannot be combined with 'search'")]
    [InlineData("    epochs: 9\n", "    epochs: 9\n    sweep: { grid: { wd: [0, 1] } }\n", "'sweep' cannot be combined with 'search'")]
    [InlineData("    epochs: 9\n", "    epochs: 9\n    adversary: plain\n", "'adversary' cannot be combined with 'search'")]
    [InlineData("    valid: valid\n", "", "metric 'valid.loss' is measured on a validation dataset: add 'valid'")]
    public void What_cannot_be_is_refused_with_its_remedy(string what, string instead, string expected)
    {
        Assert.Contains(what, Text, StringComparison.Ordinal);
        var at = Text.IndexOf(what, StringComparison.Ordinal);
        var refused = Assert.Throws<ExperimentException>(
            () => ExperimentReader.Read("small.yaml", Text[..at] + instead + Text[(at + what.Length)..]));
        var error = Assert.Single(refused.Errors, one => one.Message.Contains(expected, StringComparison.Ordinal));
        Assert.InRange(error.Line, 7, 13);
    }

    [Fact]
    public void A_later_section_starts_from_the_model_that_a_search_finds()
    {
        var plan = Plan(Text.Replace("models: best", "models: [best, fine]", StringComparison.Ordinal)
            .Replace("evaluations:", "  fine: { samples: train, weights: best, arbitrary: true, model: { hidden_size: 16 } }\nevaluations:",
                StringComparison.Ordinal));
        Assert.Equal("decide/best/3", Of(plan, "train/fine").Inputs.Single(input => input.Role == "weights").Job);
    }

    private static ExperimentPlan Plan(string text) => Planner.Plan(ExperimentReader.Read("small.yaml", text));

    private static JobSpec Of(ExperimentPlan plan, string name) => plan.Jobs.Single(job => job.Name == name);
}
