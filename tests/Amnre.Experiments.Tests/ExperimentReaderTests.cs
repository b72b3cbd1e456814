using Amnre.Engine.Settings;
using Amnre.Experiments.Fields;
using Amnre.Experiments.Plans;
using Amnre.Experiments.Reading;

namespace Amnre.Experiments.Tests;

public sealed class ExperimentReaderTests
{
    private const string Sound =
        """
        name: small
        simulator: SLCP
        datasets:
          train: { rows: 4096, seed: 0, shards: 3 }
          test: { rows: 256, seed: 1 }
        models:
          amnre:
            samples: train
            arbitrary: true
            model: { num_layers: 2, hidden_size: 16, activation: ELU }
            epochs: 2
        evaluations:
          truth:
            data: test
            indices: [0, 2]
            accuracy: true
        figures:
          loss: { type: loss }
        """;

    [Fact]
    public void A_sound_file_is_read_whole()
    {
        var experiment = ExperimentReader.Read("small.yaml", Sound);

        Assert.Equal("small", experiment.Name);
        var train = new GatherSettings { Simulator = "SLCP", Seed = 0, Rows = 4096 };
        Assert.Equal([new DatasetSection("train", train, 3), new DatasetSection("test", train with { Seed = 1, Rows = 256 }, 1)],
            experiment.Datasets);
        var model = Assert.Single(experiment.Models);
        Assert.True(model.Settings.Arbitrary);
        Assert.Equal(2, model.Settings.Epochs);
        Assert.Equal("""{"num_layers":2,"hidden_size":16,"activation":"ELU"}""", model.Settings.Model.ToJsonString());
        var evaluation = Assert.Single(experiment.Evaluations);
        Assert.Equal((0, 2, true), (evaluation.Settings.First, evaluation.Settings.Last, evaluation.Settings.Accuracy));
        Assert.Equal(["amnre"], evaluation.Models);
    }

    [Fact]
    public void All_faults_come_at_once_each_with_its_line()
    {
        var text = Sound
            .Replace("rows: 4096", "rows: -5", StringComparison.Ordinal)
            .Replace("epochs: 2", "epoch: 2", StringComparison.Ordinal)
            .Replace("    accuracy: true", "    masks: [001]", StringComparison.Ordinal)
            .Replace("type: loss", "type: loss, models: [nobody]", StringComparison.Ordinal);

        var errors = Errors(text);

        Assert.Collection(
            errors,
            error => AssertError(error, 4, "-5"),
            error => AssertError(error, 11, "'epoch'", "did you mean 'epochs'?"),
            error => AssertError(error, 16, "'001'", "5 parameters"),
            error => AssertError(error, 18, "'nobody'", "known: amnre"));
    }

    [Fact]
    public void Faults_of_datasets_come_with_their_lines()
    {
        var errors = Errors(
            """
            name: small
            simulator: SLCP
            datasets:
              event: { events: true, rows: 3 }
              plain: { rows: 10 }
              a: { rows: 10, reference: event }
              b: { rows: 10, moments: true, reference: plain }
              c: { rows: 10, moments: true, reference: d }
              d: { rows: 10, moments: true, dump: 1 }
              e: { rows: 10, compress: 12 }
              f: { rows: 10, on_nonfinite: drop }
              g: { rows: 10, on_nonfinite: skip }
              h: { rows: 10, chunk_size: 0 }
              i: { rows: 10, momnets: true }
              j: { rows: 10, device: cuda }
              k: { rows: 10, device: gpu }
            models:
              m: { samples: plain }
            """);

        Assert.Collection(
            errors,
            error => AssertError(error, 4, "leave 'rows' out"),
            error => AssertError(error, 4, "SLCP has no reference events"),
            error => AssertError(error, 6, "write 'moments: true' as well"),
            error => AssertError(error, 6, "'event' has no mu and sigma"),
            error => AssertError(error, 7, "'plain' has no mu and sigma"),
            error => AssertError(error, 8, "'d'", "dataset above this one"),
            error => AssertError(error, 9, "dump", "1 is too small"),
            error => AssertError(error, 10, "compress", "12 is out of range"),
            error => AssertError(error, 11, "cannot be dropped"),
            error => AssertError(error, 12, "'skip'"),
            error => AssertError(error, 13, "chunk_size", "0 is too small"),
            error => AssertError(error, 14, "did you mean 'moments'?"),
            error => AssertError(error, 15, "SLCP does not simulate on device 'cuda'"),
            error => AssertError(error, 16, "'gpu' is unknown"));
    }

    [Fact]
    public void An_unknown_simulator_is_named_with_the_known_ones() =>
        AssertError(Assert.Single(Errors(Sound.Replace("SLCP", "SLPC", StringComparison.Ordinal))), 2, "'SLPC'", "SLCP");

    [Theory]
    [InlineData("name: small\n  simulator: [", "this is not YAML")]
    [InlineData("name: small\nsimulator: [\n", "this is not YAML")]
    [InlineData("- a\n- list", "one mapping")]
    [InlineData("", "one mapping")]
    public void Broken_files_give_one_clear_fault(string text, string message) =>
        Assert.Contains(message, Assert.Single(Errors(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("name: small", "name: ../evil", "'../evil'")]
    [InlineData("  amnre:\n", "  a/b:\n", "'a/b'")]
    [InlineData("shards: 3", "shards: 5000", "shards 5000")]
    [InlineData("indices: [0, 2]", "indices: [0, 999]", "256 rows")]
    [InlineData("samples: train", "samples: trian", "'trian'")]
    [InlineData("arbitrary: true", "arbitrary: maybe", "'maybe' is not true or false")]
    [InlineData("seed: 1", "seed: -1", "'-1' is not a whole number from 0")]
    [InlineData("hidden_size: 16", "hiden_size: 16", "hiden_size")]
    [InlineData("data: test", "dta: test", "did you mean 'data'?")]
    public void A_bad_value_is_named(string good, string bad, string message) =>
        Assert.Contains(Errors(Sound.Replace(good, bad, StringComparison.Ordinal)),
            error => error.Message.Contains(message, StringComparison.Ordinal));

    [Fact]
    public void Numbers_times_and_sizes_are_read_as_scientists_and_Slurm_write_them()
    {
        var experiment = ExperimentReader.Read("spelt.yaml",
            "name: spelt\nsimulator: SLCP\ndatasets:\n  a: { rows: 1e6 }\n  b: { rows: 2.5e3, seed: 1, resources: { memory: 4g, time: " +
                "90:00 } }\n  c: { rows: 1_000, seed: 2, resources: { time: 1-12 } }\n");

        Assert.Equal([1_000_000, 2500, 1000], experiment.Datasets.Select(dataset => dataset.Settings.Rows));
        Assert.Equal((4L << 30, TimeSpan.FromMinutes(90)),
            (experiment.Datasets[1].Resources.MemoryBytes, experiment.Datasets[1].Resources.Time));
        Assert.Equal(TimeSpan.FromHours(36), experiment.Datasets[2].Resources.Time);
    }

    [Theory]
    [InlineData("rows: 2.5e0", "is not a whole number")]
    [InlineData("rows: 1e30", "is not a whole number")]
    [InlineData("rows: 8, <<: *a", "write 'extends: NAME'")]
    public void What_is_not_meant_so_is_refused_with_what_to_write(string fields, string message) =>
        Assert.Contains(Errors($"name: s\nsimulator: SLCP\ndatasets:\n  a: &a {{ rows: 8 }}\n  b: {{ {fields} }}\n"),
            error => error.Message.Contains(message, StringComparison.Ordinal));

    [Fact]
    public void A_tab_is_named_with_its_line() =>
        AssertError(Assert.Single(Errors("name: s\nsimulator: SLCP\ndatasets:\n  a:\n\t  rows: 8\n")), 5, "tab", "spaces");

    [Fact]
    public void A_missing_file_is_a_fault_with_a_remedy()
    {
        var wrong = Assert.Throws<ExperimentException>(() => ExperimentReader.Read("/nowhere/none.yaml"));

        Assert.Contains("there is no such file", Assert.Single(wrong.Errors).Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<ValidationError> Errors(string text) =>
        Assert.Throws<ExperimentException>(() => ExperimentReader.Read("bad.yaml", text)).Errors;

    private static void AssertError(ValidationError error, int line, params string[] words)
    {
        Assert.Equal("bad.yaml", error.File);
        Assert.Equal(line, error.Line);
        foreach (var word in words) Assert.Contains(word, error.Message, StringComparison.Ordinal);
    }
}
