using Amnre.Jobs.Specs;
using static Amnre.Experiments.Tests.ShortFiles;

namespace Amnre.Experiments.Tests;

/// <summary>Defaults, 'extends' and resources.</summary>
public sealed class InheritanceTests
{
    private const string Text =
        """
        defaults:
          models: { samples: train, valid: test, epochs: 7, resources: { gpus: 1, memory: 16G, time: "03:00:00" } }
          evaluations: { data: test, bins: 20 }
        models:
          a: { model: { num_layers: 2, hidden_size: 32 }, lr: 1e-4 }
          b: { extends: a, model: { num_layers: 3 }, valid: null, resources: { time: 1-12:00:00 } }
          c: { extends: b, epochs: 9 }
        evaluations:
          e: { bins: 30 }
        """;

    [Fact]
    public void A_section_has_its_own_fields_then_those_it_extends_then_the_defaults()
    {
        var experiment = Read(Text);
        var (a, b, c) = (experiment.Models[0], experiment.Models[1], experiment.Models[2]);

        Assert.Equal(("train", "test", 7, 1e-4), (a.Samples, a.Valid, a.Settings.Epochs, a.Settings.LearningRate));
        Assert.Equal(("train", null, 7, 1e-4), (b.Samples, b.Valid, b.Settings.Epochs, b.Settings.LearningRate));
        Assert.Equal("""{"num_layers":3}""", b.Settings.Model.ToJsonString());
        Assert.Equal((9, null, """{"num_layers":3}"""), (c.Settings.Epochs, c.Valid, c.Settings.Model.ToJsonString()));
        Assert.Equal(30, experiment.Evaluations[0].Settings.Bins);
    }

    [Fact]
    public void Resources_are_combined_field_by_field_and_carried_into_the_jobs()
    {
        var plan = Plan(Text);

        var usual = new JobResources { Cpus = 1, Gpus = 1, MemoryBytes = 16L << 30, Time = TimeSpan.FromHours(3) };
        Assert.Equal(usual, plan.Jobs.Single(job => job.Name == "train/a").Resources);
        Assert.Equal(usual with { Time = TimeSpan.FromHours(36) }, plan.Jobs.Single(job => job.Name == "train/c").Resources);
        Assert.Equal(new JobResources(), plan.Jobs.Single(job => job.Name == "evaluate/e/a").Resources);
    }

    [Fact]
    public void A_model_may_be_kept_on_its_kind_of_device_and_nothing_else()
    {
        var plan = Plan(Text.Replace("gpus: 1", "gpus: 1, same_kind: true", StringComparison.Ordinal));

        Assert.All(plan.Jobs, job => Assert.Equal(job.Kind == JobKind.Train, job.Resources.SameKind));
        Assert.Equal(Plan(Text).Jobs.Select(job => job.Fingerprint), plan.Jobs.Select(job => job.Fingerprint));
    }

    [Fact]
    public void Resources_change_no_fingerprint()
    {
        var more = Plan(Text.Replace("16G", "32G", StringComparison.Ordinal));

        Assert.Equal(Plan(Text).Jobs.Select(job => job.Fingerprint), more.Jobs.Select(job => job.Fingerprint));
    }

    [Fact]
    public void Written_out_fields_have_the_fingerprints_of_inherited_ones()
    {
        var written = Plan(
            "models: { a: { samples: train, valid: test, epochs: 7, lr: 1e-4, model: { num_layers: 2, hidden_size: 32 } } }");

        Assert.Equal(Plan(Text).Jobs.Single(job => job.Name == "train/a").Fingerprint,
            written.Jobs.Single(job => job.Name == "train/a").Fingerprint);
    }

    [Fact]
    public void A_fault_in_the_defaults_is_told_once_at_its_line()
    {
        AssertError(Errors(Text.Replace("epochs: 7", "epochs: many", StringComparison.Ordinal)), 7, "'many' is not a whole number");
        AssertError(Errors(Text.Replace("epochs: 7", "epohs: 7", StringComparison.Ordinal)), 7, "did you mean 'epochs'?");
    }

    [Theory]
    [InlineData("  evaluations: {", "  evaluation: {", 8, "did you mean 'evaluations'?")]
    [InlineData("extends: a", "extends: c", 11, "'c' is no section above it in 'models' of this file (known: a)")]
    [InlineData("{ bins: 30 }", "{ extnds: e }", 14, "did you mean 'extends'?")]
    [InlineData("valid: test, epochs", "extends: a, epochs", 7, "defaults inherit from nothing")]
    [InlineData("16G", "16", 7, "'16' is no size")]
    [InlineData("16G", "0G", 7, "'0G' is no size")]
    [InlineData("gpus: 1", "gpus: -1", 7, "-1 GPUs cannot be")]
    [InlineData("gpus: 1", "cpus: 0", 7, "0 CPUs cannot be")]
    [InlineData("gpus: 1", "gpu: 1", 7, "did you mean 'gpus'?")]
    [InlineData("gpus: 1", "same_kind: perhaps", 7, "'perhaps' is not true or false")]
    [InlineData("{ bins: 30 }", "{ bins: 30, resources: { same_kind: true } }", 14, "unknown field 'same_kind'")]
    [InlineData("03:00:00", "3 hours", 7, "'3 hours' is no length of time")]
    [InlineData("03:00:00", "00:00:00", 7, "'00:00:00' is no length of time")]
    public void What_is_wrong_is_named_with_its_line(string good, string bad, int line, string message) =>
        Assert.Contains(Errors(Text.Replace(good, bad, StringComparison.Ordinal)), error => error.Line == line
            && error.Message.Contains(message, StringComparison.Ordinal));
}
