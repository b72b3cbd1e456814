using System.Text.Json.Nodes;
using Amnre.Experiments.Fields;
using Amnre.Experiments.Plans;
using Amnre.Experiments.Reading;
using Amnre.Jobs.Specs;

namespace Amnre.Experiments.Tests.Models;

/// <summary>Losses of models as a study plans them.</summary>
public sealed class LossTests
{
    /// <summary>As planned by the version before these losses; changes with the version of results (JobKey), and with nothing
    /// else.</summary>
    [Fact]
    public void A_training_of_before_keeps_its_fingerprint() => Assert.Equal(
        "fb05dc517b03a750bb5c8fabadb29f06aeac7843ceebfa93aa8e6515e456326f", Train("").Fingerprint.Text);

    [Theory]
    [InlineData("contrasts: 8")]
    [InlineData("gamma: 1.0, balance: 1e2")]
    [InlineData("criterion: NLL")]
    public void The_default_written_out_is_the_default(string fields) => Assert.Equal(Train("").Key, Train(fields).Key);

    [Theory]
    [InlineData("criterion: NRE-C")]
    [InlineData("criterion: NRE-C, contrasts: 4")]
    [InlineData("criterion: NRE-C, gamma: 2")]
    [InlineData("criterion: NRE-B")]
    [InlineData("criterion: BNRE")]
    [InlineData("criterion: BNRE, balance: 10")]
    public void Each_loss_is_a_training_of_its_own(string fields)
    {
        var other = fields.Contains(',', StringComparison.Ordinal) ? fields.Split(',')[0] : "";

        Assert.NotEqual(Train(other).Fingerprint, Train(fields).Fingerprint);
    }

    [Fact]
    public void The_document_of_a_training_names_its_numbers()
    {
        var settings = JsonNode.Parse(Train("criterion: NRE-C, contrasts: 4, gamma: 2").Settings)!;

        Assert.Equal(("NRE-C", 4, 2.0), (settings["criterion"]!.GetValue<string>(), settings["contrasts"]!.GetValue<int>(),
            settings["gamma"]!.GetValue<double>()));
    }

    [Fact]
    public void Pairs_of_a_ratio_up_to_a_factor_are_refused_by_the_plan()
    {
        var errors = Assert.Throws<ExperimentException>(() => Read("criterion: NRE-B", "kl: true")).Errors;

        Assert.Contains("criterion NRE-B", Assert.Single(errors).Message, StringComparison.Ordinal);
    }

    private static JobSpec Train(string fields) => Planner.Plan(Read(fields, "")).Jobs.Single(job => job.Kind == JobKind.Train);

    private static ExperimentFile Read(string fields, string asked) => ExperimentReader.Read("file.yaml",
        $$"""
        name: small
        simulator: SLCP
        datasets:
          train: { rows: 1000 }
          test: { rows: 100, seed: 1 }
        models:
          amnre: { samples: train, arbitrary: true, epochs: 2, {{fields}} }
        evaluations:
          some: { data: test, masks: [=1], indices: [0, 1], {{(asked.Length > 0 ? asked : "clean: true")}} }
        """);
}
