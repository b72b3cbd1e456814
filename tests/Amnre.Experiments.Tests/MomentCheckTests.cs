using Amnre.Engine;
using Amnre.Experiments.Fields;
using Amnre.Experiments.Plans;
using Amnre.Experiments.Reading;

namespace Amnre.Experiments.Tests;

/// <summary>Datasets of one study that would be standardised differently are refused with their line, before anything runs.</summary>
public sealed class MomentCheckTests
{
    private const string Model = "{ hidden_size: 8 }";

    [Theory]
    [InlineData("{ rows: 64, moments: true }", "{ rows: 64 }", "{ rows: 64, moments: true, reference: train }", "valid", "has no moments")]
    [InlineData("{ rows: 64 }", "{ rows: 64, moments: true }", "{ rows: 64 }", "valid", "leave 'moments' out of 'valid'")]
    [InlineData("{ rows: 64, moments: true }", "{ rows: 64, moments: true, seed: 1 }", "{ rows: 64, moments: true, reference: train }",
        "valid", "write 'moments: true' and 'reference: train' in 'valid'")]
    [InlineData("{ rows: 64, moments: true }", "{ rows: 64, moments: true, dump: 100 }", "{ rows: 64, moments: true, reference: train }",
        "valid", "100 rows")]
    [InlineData("{ rows: 64 }", "{ rows: 64, seed: 1 }", "{ rows: 64, seed: 2, moments: true }", "data", "has no moments")]
    [InlineData("{ rows: 64, moments: true }", "{ rows: 64, moments: true, reference: train, seed: 1 }",
        "{ rows: 64, seed: 2, moments: true }", "data", "seed 2")]
    public void Mixed_moments_are_refused(string train, string valid, string test, string key, string told)
    {
        var error = Assert.Single(
            Assert.Throws<ExperimentException>(() => ExperimentReader.Read("s.yaml", Text(train, valid, test))).Errors);

        Assert.Equal(key == "valid" ? 8 : 11, error.Line);
        Assert.Contains(told, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ rows: 64 }", "{ rows: 64, seed: 1 }", "{ rows: 64, seed: 2 }")]
    [InlineData("{ rows: 64, moments: true }", "{ rows: 64, moments: true, reference: train, seed: 1 }",
        "{ rows: 64, moments: true, reference: valid, seed: 2 }")]
    [InlineData("{ rows: 64, moments: true }", "{ rows: 128, moments: true }", "{ rows: 64, moments: true, reference: train }")]
    public void Datasets_with_the_same_moments_are_planned(string train, string valid, string test) =>
        Assert.Equal("s", ExperimentReader.Read("s.yaml", Text(train, valid, test)).Name);

    /// <summary>As the command does: observations as simulated are standardised by the model's moments.</summary>
    [Fact]
    public void Observations_without_moments_are_planned_with_a_note()
    {
        var text = Text("{ rows: 64, moments: true }", "{ rows: 64, moments: true, reference: train, seed: 1 }", "{ rows: 64, seed: 2 }");

        Assert.Equal("dataset 'test' has no moments: x is standardised with those of 'train', the training data of 'm'",
            Assert.Single(ExperimentReader.Read("s.yaml", text).Notes));
        Assert.Empty(ExperimentReader.Read("s.yaml", Text("{ rows: 64 }", "{ rows: 64, seed: 1 }", "{ rows: 64, seed: 2 }")).Notes);
    }

    [Fact]
    public void An_adversary_of_other_moments_is_refused()
    {
        var text = """
            name: s
            simulator: SLCP
            datasets:
              raw: { rows: 64 }
              train: { rows: 64, moments: true }
            models:
              a: { samples: raw, model: { hidden_size: 8 } }
              m: { samples: train, adversary: a, model: { hidden_size: 8 } }
            """;
        var error = Assert.Single(Assert.Throws<ExperimentException>(() => ExperimentReader.Read("s.yaml", text)).Errors);

        Assert.Equal(8, error.Line);
        Assert.Contains("the training data of adversary 'a'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_plan_takes_is_counted_without_building_anything()
    {
        var experiment = ExperimentReader.Read("s.yaml",
            Text("{ rows: 4000000000 }", "{ rows: 64 }", "{ rows: 64 }")
                .Replace(Model, "{ hidden_size: 200000 }", StringComparison.Ordinal));
        var needs = PlanNeeds.Of(experiment);

        Assert.Equal(208_000_006_656, (long)needs.DiskBytes);
        Assert.Equal("m", needs.Model);
        Assert.True(needs.MemoryBytes > 800_000_000_000);
        Assert.Contains("208000006656 bytes (208 GB)", ByteText.Of(needs.DiskBytes), StringComparison.Ordinal);
        Assert.Contains("model 'm'", Assert.Single(needs.Warnings(null, 1 << 30)), StringComparison.Ordinal);
        Assert.Throws<InputException>(() => (needs with { DiskBytes = long.MaxValue }).Require("/tmp/none/here"));
    }

    [Theory]
    [InlineData("rows: 4000", "rows: 400000000000000000", 4, "EB")]
    [InlineData("hidden_size: 8", "hidden_size: 1000000000", 8, "parameters, and training takes at least")]
    public void What_cannot_be_meant_is_refused_with_its_bytes(string what, string other, int line, string told)
    {
        var text = Text("{ rows: 4000 }", "{ rows: 64 }", "{ rows: 64 }").Replace(what, other, StringComparison.Ordinal);
        var error = Assert.Single(Assert.Throws<ExperimentException>(() => ExperimentReader.Read("s.yaml", text)).Errors);

        Assert.Equal(line, error.Line);
        Assert.Contains(told, error.Message, StringComparison.Ordinal);
    }

    private static string Text(string train, string valid, string test) =>
        $$"""
        name: s
        simulator: SLCP
        datasets:
          train: {{train}}
          valid: {{valid}}
          test: {{test}}
        models:
          m: { samples: train, valid: valid, model: {{Model}} }
        evaluations:
          e:
            data: test
        """;
}
