using System.Text.Json.Nodes;
using Amnre.Engine.Catalog;
using Amnre.Engine.Settings;
using Amnre.Experiments.Plans;
using Amnre.Jobs.Specs;
using Amnre.Testing;

namespace Amnre.Experiments.Tests.OwnData;

/// <summary>A study of a user's own arrays and measurement: what is planned, and what decides it.</summary>
public sealed class OwnDataPlanTests : IDisposable
{
    private readonly ArrayFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Files_become_datasets_by_jobs_that_import_them()
    {
        var experiment = _folder.Read(ArrayFolder.Study);
        var plan = Planner.Plan(experiment);

        Assert.Equal(["import/train", "import/valid", "import/night", "train/m", "evaluate/e/m", "plot/corner"],
            plan.Jobs.Select(job => job.Name));
        Assert.Equal(["samples/train.h5", "samples/valid.h5", "observations/night.h5"],
            plan.Jobs.Take(3).Select(job => job.Outputs.Single().Path));
        Assert.Equal([new JobInput("reference", "import/train", "dataset.h5")], plan.Jobs[1].Inputs);
        // What was measured is compared with what the model was trained on.
        Assert.Equal([new("model", "train/m", "model.pth"), new("samples", "import/night", "dataset.h5"),
            new("simulations", "import/train", "dataset.h5")], plan.Jobs[4].Inputs);
        var valid = CanonicalJson.Read<ImportSettings>(plan.Jobs[1].Settings);
        Assert.Equal((8, 2, true), (valid.First, valid.Rows, valid.Moments));
        Assert.Equal(["obs.csv", "sims.npz"], plan.Files.Select(file => Path.GetFileName(file.Path)).Order());
        Assert.All(plan.Files, file => Assert.True(Path.IsPathRooted(file.Path) && file.Bytes > 0));
        Assert.Equal(["dataset", "dataset", "observation", "model", "evaluation", "figure"],
            PlanSummary.Of(experiment, plan).Rows.Select(row => row.Kind));
    }

    /// <summary>Workers have no experiment file and read no user's paths.</summary>
    [Fact]
    public void Jobs_carry_the_declaration_and_no_path()
    {
        var plan = _folder.Plan(ArrayFolder.Study);

        Assert.All(plan.Jobs, job => Assert.DoesNotContain(_folder.Root, job.Settings, StringComparison.Ordinal));
        var simulator = SimulatorCatalog.Find(JsonNode.Parse(plan.Jobs[3].Settings)!["simulator"]!.GetValue<string>());
        Assert.Equal(["a", "b"], simulator.Labels);
        Assert.Equal([0.1f, 10f], [simulator.Low[1], simulator.High[1]]);
        Assert.Equal([3], simulator.ObservationShape);
        Assert.False(simulator.Draws);
    }

    [Fact]
    public void The_same_content_under_another_name_is_the_same_result()
    {
        var before = Fingerprints(ArrayFolder.Study);
        File.Move(_folder["sims.npz"], _folder["others.npz"]);

        Assert.Equal(before, Fingerprints(ArrayFolder.Study.Replace("sims.npz", "others.npz", StringComparison.Ordinal)));
    }

    [Fact]
    public void Another_content_is_another_result_of_what_reads_it_and_of_nothing_else()
    {
        var before = Fingerprints(ArrayFolder.Study);
        File.WriteAllText(_folder["obs.csv"], "1,2,4\n");

        Assert.Equal([false, false, true, false, true, true], before.Zip(Fingerprints(ArrayFolder.Study), (a, b) => a != b));
    }

    [Fact]
    public void A_manifest_without_a_program_declares_the_same_beside_the_file()
    {
        File.WriteAllText(_folder["prior.yaml"], ArrayFolder.Head);

        var text = ArrayFolder.Study.Replace(ArrayFolder.Head, "name: own\nsimulator: ./prior.yaml\n", StringComparison.Ordinal);
        Assert.Equal(Fingerprints(ArrayFolder.Study), Fingerprints(text));
    }

    [Theory]
    [InlineData("file: sims.npz", 10)]
    [InlineData("file: [sims.npz, sims.npz]", 20)]
    [InlineData("file: sims*.npz", 20)]
    [InlineData("{ theta: theta.npy, x: x.npy }", 10)]
    [InlineData("{ file: named.npz, theta: parameters, x: traces }", 10)]
    [InlineData("{ file: sims.npz, indices: [3, 5] }", 2)]
    public void Arrays_are_found_in_the_common_ways(string fields, long rows)
    {
        File.Copy(_folder["sims.npz"], _folder["sims-2.npz"]);
        NumpyFile.WriteArchive(_folder["named.npz"], ("parameters", ArrayFolder.Theta(10), [10, 2]),
            ("traces", ArrayFolder.X(10), [10, 3]));

        var text = ArrayFolder.Head + $"datasets:\n  d: {(fields[0] == '{' ? fields : $"{{ {fields} }}")}\n";
        Assert.Equal(rows, Assert.Single(_folder.Read(text).Datasets).Settings.Rows);
    }

    /// <summary>Its row says which observation is drawn; there are no true parameters to mark.</summary>
    [Fact]
    public void A_figure_of_an_observation_has_a_row_and_no_star()
    {
        File.WriteAllText(_folder["obs.csv"], "1,2,3\n4,5,6\n");
        var plan = _folder.Plan(ArrayFolder.Study.Replace("{ data: night }", "{ data: night, indices: [0, 2] }", StringComparison.Ordinal)
            .Replace("evaluation: e }", "evaluation: e, row: 1 }", StringComparison.Ordinal));

        var figure = plan.Jobs[^1];
        Assert.Equal(1, CanonicalJson.Read<PlotSettings>(figure.Settings).Row);
        Assert.Equal("table.csv", Assert.Single(figure.Inputs, input => input.Role == "table").Output);
        Assert.All(figure.Inputs.Where(input => input.Role != "table"),
            input => Assert.StartsWith("histograms/1_", input.Output, StringComparison.Ordinal));
        Assert.DoesNotContain(figure.Inputs, input => input.Role == "samples");
    }

    /// <summary>Rows of one file are known by their places.</summary>
    [Theory]
    [InlineData("[8, 10]", false)]
    [InlineData("[7, 10]", true)]
    [InlineData("[0, 4]", true)]
    public void A_verdict_by_rows_of_the_training_is_refused(string indices, bool known)
    {
        var text = ArrayFolder.Study.Replace("[8, 10]", indices, StringComparison.Ordinal)
            .Replace("{ data: night }", "{ data: night, verdict: true, verdict_data: valid }", StringComparison.Ordinal);

        if (known)
            Assert.Contains("which has rows of dataset 'valid'", Assert.Single(_folder.Errors(text)).Message, StringComparison.Ordinal);
        else Assert.NotEmpty(_folder.Plan(text).Jobs);
    }

    [Fact]
    public void A_figure_without_a_row_shows_the_first_that_is_evaluated()
    {
        File.WriteAllText(_folder["obs.csv"], "1,2,3\n4,5,6\n");

        var figure = _folder.Plan(ArrayFolder.Study.Replace("{ data: night }", "{ data: night, indices: [1, 2] }",
            StringComparison.Ordinal)).Jobs[^1];

        Assert.Equal(1, CanonicalJson.Read<PlotSettings>(figure.Settings).Row);
        Assert.Contains(figure.Inputs, input => input.Output == "histograms/1_*");
        Assert.Contains(_folder.Errors(ArrayFolder.Study.Replace("{ data: night }", "{ data: night, indices: [0, 0] }",
            StringComparison.Ordinal)),
            error => error.Message.EndsWith("has no observation rows: give it indices", StringComparison.Ordinal));
    }

    /// <summary>A simulator beside them says what they must be, and draws what else there is.</summary>
    [Fact]
    public void Own_arrays_and_drawn_rows_meet_in_one_study()
    {
        NumpyFile.WriteArchive(_folder["slcp.npz"], ("theta", new double[4 * 5], [4, 5]), ("x", new double[4 * 8], [4, 4, 2]));

        var plan = _folder.Plan("name: own\nsimulator: SLCP\ndatasets:\n  mine: { file: slcp.npz }\n  drawn: { rows: 10, shards: 1 }\n");

        Assert.Equal(["import/mine", "sample/drawn/0", "gather/drawn"], plan.Jobs.Select(job => job.Name));
    }

    private List<string> Fingerprints(string text) => [.. _folder.Plan(text).Jobs.Select(job => job.Fingerprint.Text)];
}
