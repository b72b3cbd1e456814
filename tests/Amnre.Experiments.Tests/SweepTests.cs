using Amnre.Experiments.Plans;
using Amnre.Experiments.Reading;
using Amnre.Jobs.Specs;
using static Amnre.Experiments.Tests.ShortFiles;

namespace Amnre.Experiments.Tests;

public sealed class SweepTests
{
    [Fact]
    public void A_grid_is_all_combinations_with_their_values_in_the_names()
    {
        var models = Read("models: { m: { samples: train, model: { num_layers: 2 }, sweep: { grid: { lr: [1e-3, 1e-4], " +
            "model.hidden_size: [32, 64] } } } }").Models;

        Assert.Equal(["m-lr_1e-3-hidden_size_32", "m-lr_1e-3-hidden_size_64", "m-lr_1e-4-hidden_size_32", "m-lr_1e-4-hidden_size_64"],
            models.Select(model => model.Name));
        Assert.Equal([1e-3, 1e-3, 1e-4, 1e-4], models.Select(model => model.Settings.LearningRate));
        Assert.Equal("""{"num_layers":2,"hidden_size":64}""", models[3].Settings.Model.ToJsonString());
        Assert.Equal(new SweptValue("model.hidden_size", "64"), models[3].Origin!.Values[1]);
    }

    [Fact]
    public void A_list_gives_its_points_and_a_grid_beside_it_multiplies_them()
    {
        var models = Read(
            "models: { m: { samples: train, sweep: { list: [{ lr: 1e-3, bs: 512 }, { lr: 1e-4 }], grid: { epochs: [1, 2] } } } }").Models;

        Assert.Equal(["m-lr_1e-3-bs_512-epochs_1", "m-lr_1e-3-bs_512-epochs_2", "m-lr_1e-4-epochs_1", "m-lr_1e-4-epochs_2"],
            models.Select(model => model.Name));
        Assert.Equal([512, 512, 1024, 1024], models.Select(model => model.Settings.BatchSize));
    }

    [Fact]
    public void Values_that_cannot_be_part_of_a_name_are_counted()
    {
        var models = Read("models: { m: { samples: train, sweep: { grid: { masks: [[=1], [=1, =2]], model: [{ num_layers: 1 }, { " +
            "num_layers: 2 }] } } } }").Models;

        Assert.Equal(["m-masks_1-model_1", "m-masks_1-model_2", "m-masks_2-model_1", "m-masks_2-model_2"],
            models.Select(model => model.Name));
        Assert.Equal(["=1", "=2"], models[2].Settings.Masks);
    }

    [Fact]
    public void Random_draws_are_the_same_each_time_and_keep_when_more_are_drawn_or_a_field_is_added()
    {
        static string Text(int count, string more = "") =>
            $"models: {{ m: {{ samples: train, sweep: {{ random: {{ count: {count}, seed: 7, fields: {{ lr: {{ log_uniform: [1e-5, 1e-2] " +
                $"}}, clip: {{ uniform: [1, 10] }}, bs: {{ choice: [256, 512] }}{more} }} }} }} }} }}";
        var few = Read(Text(3)).Models;
        var many = Read(Text(40, ", model.num_layers: { integers: [1, 3] }")).Models;

        Assert.Equal(["m-draw_1", "m-draw_2", "m-draw_3"], few.Select(model => model.Name));
        Assert.Equal(few.Select(model => (model.Settings.LearningRate, model.Settings.Clip)),
            many.Take(3).Select(model => (model.Settings.LearningRate, model.Settings.Clip)));
        Assert.All(many, model => Assert.InRange(model.Settings.LearningRate, 1e-5, 1e-2));
        Assert.Equal(40, many.Select(model => model.Settings.LearningRate).Distinct().Count());
        // Half of a log-uniform range lies below its geometric mean.
        Assert.InRange(many.Count(model => model.Settings.LearningRate < Math.Sqrt(1e-5 * 1e-2)), 10, 30);
        Assert.Equal([256, 512], many.Select(model => model.Settings.BatchSize).Distinct().Order());
        Assert.Equal([1, 2, 3], many.Select(model => (int)model.Settings.Model["num_layers"]!).Distinct().Order());
    }

    [Fact]
    public void An_extended_sweep_adds_only_what_is_new()
    {
        static ExperimentPlan Of(string values, int replicates) =>
            Plan($"models: {{ m: {{ samples: train, replicates: {replicates}, sweep: {{ grid: {{ lr: [{values}] }} }} }} " +
                $"}}\nevaluations: {{ e: {{ data: test }} }}");
        var before = Of("1e-3, 1e-4", 2).Jobs.ToDictionary(job => job.Name, job => job.Fingerprint);
        var after = Of("1e-5, 1e-3, 1e-4", 3).Jobs.ToDictionary(job => job.Name, job => job.Fingerprint);

        Assert.All(before, job => Assert.Equal(job.Value, after[job.Key]));
        Assert.Equal(9, after.Keys.Count(name => name.StartsWith("train/", StringComparison.Ordinal)));
        Assert.Equal(after.Count, after.Values.Distinct().Count());
    }

    [Fact]
    public void Datasets_and_evaluations_are_swept_alike()
    {
        var experiment = ExperimentReader.Read("sizes.yaml",
            """
            name: sizes
            simulator: SLCP
            datasets:
              train: { rows: 1, sweep: { grid: { rows: [256, 512] } } }
            models:
              m: { samples: train-rows_256, sweep: { grid: { samples: [train-rows_256, train-rows_512] } } }
            evaluations:
              e: { data: train-rows_256, models: m-samples_train-rows_512, sweep: { grid: { bins: [10, 20] } } }
            """);

        Assert.Equal([("train-rows_256", 256L), ("train-rows_512", 512L)],
            experiment.Datasets.Select(one => (one.Name, one.Settings.Rows)));
        Assert.Equal(["train-rows_256", "train-rows_512"], experiment.Models.Select(one => one.Samples));
        Assert.Equal(["e-bins_10", "e-bins_20"], experiment.Evaluations.Select(one => one.Name));
    }

    [Theory]
    [InlineData("grid: { lr: [] }", "has no point")]
    [InlineData("list: []", "has no point")]
    [InlineData("grid: {}, lists: []", "did you mean 'list'?")]
    [InlineData("", "sets nothing")]
    [InlineData("grid: { lr: [1e-3, 0.001] }", "'m-lr_1e-3' and 'm-lr_0.001' are the same")]
    [InlineData("list: [{ lr: 1e-3 }, { bs: 1024 }]", "are the same")]
    [InlineData("grid: { lrr: [1, 2] }", "did you mean 'lr'?")]
    [InlineData("grid: { lr: [1e-3, fast] }", "'fast' is not a number")]
    [InlineData("grid: { lr: [1e-3] }, list: [{ lr: 1e-4 }]", "sets 'lr' twice")]
    [InlineData("grid: { model.hiden_size: [32] }", "hiden_size")]
    [InlineData("grid: { epochs.x: [3] }", "'epochs' must be a single value")]
    [InlineData("random: { count: 0, fields: { lr: { uniform: [1, 2] } } }", "count is 0")]
    [InlineData("random: { count: 2 }", "'fields' is missing")]
    [InlineData("random: { count: 2, fields: { lr: { uniform: [2, 1] } } }", "[least, largest]")]
    [InlineData("random: { count: 2, fields: { lr: { log_uniform: [0, 1] } } }", "above 0")]
    [InlineData("random: { count: 2, fields: { lr: { normal: [0, 1] } } }", "0 distributions")]
    [InlineData("random: { count: 2, fields: { lr: { uniform: [0.1, 1], choice: [1] } } }", "2 distributions")]
    [InlineData("random: { count: 9, fields: { bs: { choice: [64, 128] } } }", "are the same")]
    public void What_is_wrong_with_a_sweep_is_named_with_its_line(string sweep, string message)
    {
        var errors = Errors($"models:\n  m:\n    samples: train\n    sweep: {{ {sweep} }}");

        Assert.Contains(errors, error => error.Line == 9 && error.Message.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_sweep_of_too_many_points_is_refused_before_it_is_made()
    {
        var values = string.Join(", ", Enumerable.Range(1, 200));

        AssertError(Errors($"models:\n  m:\n    samples: train\n    sweep: {{ grid: {{ epochs: [{values}], descents: [{values}] }} }}"), 9,
            "40000 points");
    }
}
