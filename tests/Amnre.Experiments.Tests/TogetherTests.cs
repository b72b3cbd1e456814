using Amnre.Engine.Settings;
using Amnre.Experiments.Plans;
using Amnre.Jobs.Specs;
using static Amnre.Experiments.Tests.ShortFiles;

namespace Amnre.Experiments.Tests;

/// <summary>Replicates that one job trains.</summary>
public sealed class TogetherTests
{
    private const string Models =
        """
        models:
          a: { samples: train, masks: [=1], replicates: 2, seed: 10, together: true }
          b: { samples: train, masks: [=1], adversary: a, sweep: { grid: { lr: [1e-3, 1e-4] } }, replicates: 2, together: true }
          c: { samples: train, masks: [=1], weights: a, replicates: 2 }
        evaluations: { e: { data: test, models: [a, c], masks: [=1] } }
        figures: { loss: { type: loss, models: [a, b, c] } }
        """;

    [Fact]
    public void One_job_makes_the_files_of_all_replicates_of_a_point()
    {
        var training = Job("train/a");

        var settings = CanonicalJson.Read<TrainSettings>(training.Settings);
        Assert.Equal(2, settings.Replicates);
        Assert.Equal([10ul, 11ul], settings.Each().Select(one => one.Seed));
        Assert.All(settings.Each(), one => Assert.Null(one.Replicates));
        Assert.Equal(
            [
                ("1/model.pth", "models/a-1.pth"), ("1/model.json", "models/a-1.json"), ("1/model.csv", "models/a-1.csv"),
                ("1/model.best.pth", "models/a-1.best.pth"),
                ("2/model.pth", "models/a-2.pth"), ("2/model.json", "models/a-2.json"), ("2/model.csv", "models/a-2.csv"),
                ("2/model.best.pth", "models/a-2.best.pth"),
            ],
            training.Outputs.Select(output => (output.Name, output.Path!)));
        Assert.Equal([new JobInput("samples", "gather/train", "dataset.h5")], training.Inputs);
    }

    [Fact]
    public void Partners_pair_replicate_by_replicate_whichever_side_is_together()
    {
        Assert.Equal(
            [new JobInput("adversary", "train/a", "1/model.pth"), new JobInput("adversary", "train/a", "2/model.pth")],
            Job("train/b-lr_1e-4").Inputs.Where(input => input.Role == "adversary"));
        Assert.Equal([new JobInput("weights", "train/a", "2/model.pth")], Job("train/c-2").Inputs.Where(input => input.Role == "weights"));
    }

    [Fact]
    public void Evaluations_and_figures_read_each_replicate()
    {
        Assert.Contains(new JobInput("model", "train/a", "2/model.pth"), Job("evaluate/e/a-2").Inputs);
        Assert.Equal(
            ["train/a 1/model.csv", "train/a 2/model.csv", "train/b-lr_1e-3 1/model.csv", "train/b-lr_1e-3 2/model.csv",
                "train/b-lr_1e-4 1/model.csv", "train/b-lr_1e-4 2/model.csv", "train/c-1 model.csv", "train/c-2 model.csv"],
            Job("plot/loss").Inputs.Select(input => $"{input.Job} {input.Output}"));
    }

    [Fact]
    public void Nothing_else_changes_the_fingerprint_of_what_is_trained_apart()
    {
        var apart = Planner.Plan(Read(Models.Replace(", together: true", "", StringComparison.Ordinal))).Jobs.ToDictionary(job => job.Name);

        Assert.DoesNotContain("replicates", apart["train/a-1"].Settings, StringComparison.Ordinal);
        Assert.NotEqual(apart["train/a-1"].Fingerprint, Job("train/a").Fingerprint);
        Assert.NotEqual(apart["evaluate/e/a-1"].Fingerprint, Job("evaluate/e/a-1").Fingerprint);
        Assert.NotEqual(Job("train/a").Fingerprint,
            Planner.Plan(Read("models: { a: { samples: train, masks: [=1], replicates: 3, seed: 10, together: true } }")).Jobs.Single(
                job => job.Name == "train/a").Fingerprint);
    }

    [Fact]
    public void The_table_of_a_plan_counts_jobs()
    {
        var file = Read(Models);

        var rows = PlanSummary.Of(file, Planner.Plan(file)).Rows.ToDictionary(row => row.Section);

        Assert.Equal(["train/a"], rows["a"].Jobs);
        Assert.Equal(["train/b-lr_1e-3", "train/b-lr_1e-4"], rows["b"].Jobs);
        Assert.Equal(["train", "a"], rows["b"].WaitsFor);
        Assert.Equal(["train/c-1", "train/c-2"], rows["c"].Jobs);
    }

    [Fact]
    public void Without_replicates_there_is_nothing_to_train_together() =>
        Assert.Contains(Errors("models:\n  a: { samples: train, together: true }"),
            error => error.Message.Contains("there are no replicates to train together", StringComparison.Ordinal));

    [Fact]
    public void A_point_must_not_be_called_like_another_model() =>
        Assert.Contains(
            Errors("models:\n  a: { samples: train, sweep: { grid: { lr: [1e-3] } }, replicates: 2, together: true }\n  a-lr_1e-3: { " +
                "samples: train }"),
            error => error.Message.Contains("'a-lr_1e-3' would be called like another model", StringComparison.Ordinal));

    private static JobSpec Job(string name) => Planner.Plan(Read(Models)).Jobs.Single(job => job.Name == name);
}
