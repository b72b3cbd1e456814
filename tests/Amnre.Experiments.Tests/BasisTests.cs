using Amnre.Engine.Settings;
using Amnre.Experiments.Fields;
using Amnre.Experiments.Plans;
using Amnre.Experiments.Reading;
using Amnre.Jobs.Specs;

namespace Amnre.Experiments.Tests;

public sealed class BasisTests
{
    private const string Text =
        """
        name: waves
        simulator: GW
        basis: { draws: 512 }
        datasets:
          event: { events: true }
          train: { rows: 1000, shards: 2, live: true }
        models:
          amnre: { samples: train, arbitrary: true, live: true }
        evaluations:
          event: { data: event }
        """;

    [Fact]
    public void A_basis_is_one_job_that_all_rows_and_events_are_drawn_with()
    {
        var plan = Plan(Text);

        var basis = plan.Jobs[0];
        Assert.Equal(("basis/reduced", JobKind.Basis), (basis.Name, basis.Kind));
        Assert.Equal(512, CanonicalJson.Read<BasisSettings>(basis.Settings).Draws);
        Assert.Equal(
            ["gather/event", "sample/train/0", "sample/train/1", "gather/train"],
            plan.Jobs.Where(job => job.Inputs.Any(input => input is { Role: "basis", Job: "basis/reduced" })).Select(job => job.Name));
    }

    [Fact]
    public void Another_basis_makes_all_datasets_anew_and_the_same_one_is_used_again()
    {
        var before = Plan(Text);
        var after = Plan(Text.Replace("512", "513", StringComparison.Ordinal));
        var held = Plan(Text.Replace("{ draws: 512 }", "{ draws: 512, resources: { cpus: 4 } }", StringComparison.Ordinal));

        Assert.All(before.Jobs.Zip(after.Jobs), pair => Assert.NotEqual(pair.First.Fingerprint, pair.Second.Fingerprint));
        Assert.Equal(before.Jobs.Select(job => job.Fingerprint), held.Jobs.Select(job => job.Fingerprint));
        Assert.Equal(4, held.Jobs[0].Resources.Cpus);
    }

    [Fact]
    public void Without_the_field_there_is_no_such_job() =>
        Assert.DoesNotContain(Plan(Text.Replace("basis: { draws: 512 }", "", StringComparison.Ordinal)).Jobs,
            job => job.Kind == JobKind.Basis || job.Inputs.Any(input => input.Role == "basis"));

    [Theory]
    [InlineData("{ draws: 12 }", "draws 12 is out of range")]
    [InlineData("{ draw: 512 }", "did you mean 'draws'")]
    [InlineData("{ held_out: -1 }", "held_out -1 is out of range")]
    public void Faults_are_reported_with_their_line(string basis, string message)
    {
        var error = Assert.Single(
            Assert.Throws<ExperimentException>(() => Plan(Text.Replace("{ draws: 512 }", basis, StringComparison.Ordinal))).Errors);

        Assert.Equal(3, error.Line);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_simulator_without_a_basis_says_so()
    {
        var errors = Assert.Throws<ExperimentException>(
            () => ExperimentReader.Read("s.yaml", "name: s\nsimulator: SLCP\nbasis: {}\ndatasets: { d: { rows: 8 } }\n")).Errors;

        Assert.Contains("SLCP has no reduced basis", Assert.Single(errors).Message, StringComparison.Ordinal);
    }

    private static ExperimentPlan Plan(string text) => Planner.Plan(ExperimentReader.Read("waves.yaml", text));
}
