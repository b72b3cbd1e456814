using Amnre.Engine.Settings;
using Amnre.Experiments.Fields;
using Amnre.Experiments.Plans;
using Amnre.Experiments.Reading;
using Amnre.Jobs.Specs;
using PureHDF;

namespace Amnre.Experiments.Tests;

/// <summary>Draws of evaluations, and what is made of them, as a study plans them.</summary>
public sealed class EvaluationDrawsTests : IDisposable
{
    private const string Text =
        """
        name: small
        simulator: SLCP
        datasets:
          train: { rows: 1000 }
          test: { rows: 100, seed: 1 }
        models:
          amnre: { samples: train, arbitrary: true, epochs: 2 }
          nre: { samples: train, epochs: 2 }
          mnre: { samples: train, masks: [=1, "11000"], epochs: 2 }
        evaluations:
          chains: { data: test, models: [amnre, nre], masks: ["11111"], draws: 64, sampling: importance }
          lone: { data: test, models: nre, masks: ["11111"], draws: 64 }
          all: { data: test, models: FITTING }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("amnre-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_is_asked_for_is_published()
    {
        var job = Find(Plan("masks: [\"11111\"], indices: [0, 20], draws: 99, coverage: true, diagnostics: true, predictive: true"),
            "evaluate/all/amnre");

        Assert.Equal(
            ["draws.h5 results/amnre_all_draws.h5", "coverage.csv results/amnre_all_coverage.csv", "ranks.csv results/amnre_all_ranks.csv",
                "tarp.csv results/amnre_all_tarp.csv", "diagnostics.csv results/amnre_all_diagnostics.csv"],
            job.Outputs.Skip(4).Select(output => $"{output.Name} {output.Path}"));
    }

    /// <summary>As planned by the version before draws were settings of evaluations.</summary>
    [Fact]
    public void An_evaluation_of_before_keeps_its_fingerprint()
    {
        string Of(string more)
        {
            var text = PlannerTests.Begun.Replace("accuracy: true", $"accuracy: true{more}", StringComparison.Ordinal);
            return Find(Planner.Plan(ExperimentReader.Read("small.yaml", text)), "evaluate/truth/amnre").Fingerprint.Text;
        }

        // Changes with the version of results (JobKey), and with nothing else.
        Assert.Equal("684f0966c2a68bae950da53ed78776481f4acf35eecd274f24a638024e134d7b", Of(""));
        Assert.Equal(Of(""), Of(", draws: 0, coverage: false, diagnostics: false, predictive: false"));
        Assert.NotEqual(Of(""), Of(", draws: 5"));
    }

    [Fact]
    public void An_evaluation_is_the_reference_of_another_model_by_model()
    {
        var plan = Plan("masks: [\"11111\"], draws: 64, reference: chains", "[amnre, nre]");
        Assert.Equal("evaluate/chains/nre draws.h5", Reference(Find(plan, "evaluate/all/nre")));
        Assert.Equal("evaluate/chains/amnre draws.h5", Reference(Find(plan, "evaluate/all/amnre")));
        Assert.Equal("c2st.csv", Find(plan, "evaluate/all/nre").Outputs[^1].Name);

        // Its only model is the reference of all.
        plan = Plan("masks: [\"11111\"], draws: 64, reference: lone", "[amnre, nre]");
        Assert.Equal("evaluate/lone/nre draws.h5", Reference(Find(plan, "evaluate/all/amnre")));

        static string Reference(JobSpec job) => job.Inputs.Where(input => input.Role == "reference")
            .Select(input => $"{input.Job} {input.Output}").Single();
    }

    /// <summary>The likelihood of the simulator makes reference draws, which the job publishes.</summary>
    [Fact]
    public void The_likelihood_is_a_reference_where_it_is_known()
    {
        var plan = Plan("masks: [=1], draws: 64, indices: [1, 3], reference: likelihood", "[amnre, nre]");
        var truth = Assert.Single(plan.Jobs, job => job.Kind == JobKind.Truth);
        Assert.Equal("truth/all", truth.Name);
        Assert.Equal(["draws.h5 results/truth_all_draws.h5", "quality.csv results/truth_all_quality.csv"],
            truth.Outputs.Select(output => $"{output.Name} {output.Path}"));
        var settings = CanonicalJson.Read<TruthSettings>(truth.Settings);
        Assert.Equal((1, 3, 64, "10000 01000 00100 00010 00001 11111"),
            (settings.First, settings.Last, settings.Draws, string.Join(" ", settings.Masks)));
        foreach (var model in (string[])["amnre", "nre"])
        {
            var job = Find(plan, $"evaluate/all/{model}");
            Assert.Contains(new JobInput("reference", "truth/all", "draws.h5"), job.Inputs);
            Assert.Equal($"c2st.csv results/{model}_all_c2st.csv", $"{job.Outputs[^1].Name} {job.Outputs[^1].Path}");
        }

        Assert.Contains("reference: likelihood judge posteriors of the observation alone",
            Refused("masks: [=1], draws: 64, given: { θ₂: 0 }, reference: likelihood"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_verdict_takes_the_likelihood_as_its_reference()
    {
        var plan = Plan("masks: [\"11111\"], draws: 64, reference: likelihood, verdict: true, verdict_rows: 64", "amnre");
        var verdict = Find(plan, "verdict/all/amnre");
        Assert.Contains(new JobInput("reference", "truth/all", "draws.h5"), verdict.Inputs);
        Assert.Null(CanonicalJson.Read<VerdictSettings>(verdict.Settings).Reference);
    }

    [Fact]
    public void A_file_is_a_reference_by_its_content()
    {
        string Of(string file, float first)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(At(file))!);
            var draws = Enumerable.Range(0, 64 * 5).Select(i => first + i / 1000f).ToArray();
            new H5File { ["index"] = new long[] { 0 }, ["11111"] = new H5Dataset<float[]>(draws, fileDims: [1, 64, 5]) }.Write(At(file));
            return Find(Plan($"masks: [\"11111\"], draws: 64, reference: {file}", "amnre"), "evaluate/all/amnre").Fingerprint.Text;
        }

        var one = Of("known.h5", 0);
        Assert.Equal(one, Of("elsewhere/other.h5", 0));
        Assert.NotEqual(one, Of("known.h5", 1));
        Assert.Contains("lacks draws of observation row 1", Refused("masks: [\"11111\"], indices: [0, 2], draws: 64, reference: known.h5"));
        Assert.Contains("holds draws of none of the masks =1", Refused("masks: [=1], draws: 64, reference: known.h5"));
        File.WriteAllText(At("text.h5"), "no HDF5");
        Assert.Contains("text.h5': ", Refused("masks: [\"11111\"], draws: 64, reference: text.h5"));
    }

    [Theory]
    [InlineData("draws: -1", "-1 is too small")]
    [InlineData("draws: 99, predictive: true", "ask for mask 11111")]
    [InlineData("predictive: true, masks: [\"11111\"]", "give draws too")]
    [InlineData("diagnostics: true", "at least 10 rows")]
    [InlineData("draws: 64, reference: nowhere", "is no evaluation above this one (known: chains, lone)")]
    [InlineData("draws: 64, reference: all", "is no evaluation above this one")]
    [InlineData("draws: 9, reference: chains", "50 or more")]
    [InlineData("draws: 64, indices: [1, 3], reference: chains", "has rows 0 to 0")]
    [InlineData("draws: 64, data: train, reference: chains", "is of dataset 'test'")]
    [InlineData("draws: 64, masks: [\"11111\"], predictive: true", "model 'mnre' does not know", "mnre")]
    [InlineData("draws: 64, reference: chains", "has not model 'mnre'", "mnre")]
    [InlineData("given: { θ₂: 0 }, masks: [\"00100\"]", "model 'mnre' knows none of 01100", "mnre")]
    [InlineData("given: { θ₂: 9 }", "outside its prior")]
    [InlineData("given: [1, 2]", "is no NAME=VALUE")]
    [InlineData("given: { θ₂: many }", "gives no number")]
    public void What_cannot_be_is_refused_before_anything_runs(string fields, string message, string models = "amnre") =>
        Assert.Contains(message, Refused(fields, models), StringComparison.Ordinal);

    [Fact]
    public void A_conditional_is_planned_for_models_that_know_it()
    {
        var settings = CanonicalJson.Read<EvaluateSettings>(
            Find(Plan("given: { θ₂: 0.25, 0: 1 }, masks: [=1]", "amnre"), "evaluate/all/amnre").Settings);
        Assert.Equal([("0", 1f), ("θ₂", 0.25f)], settings.Given!.Select(one => (one.Key, one.Value)));
        Plan("given: { θ₂: 0 }, masks: [=1]", "mnre");
        Plan("given: { θ₂: 0 }, masks: [\"10111\"]", "nre");
    }

    [Fact]
    public void Events_of_a_manifest_count_by_their_content_and_judge_only_what_is_known_of_them()
    {
        File.WriteAllText(At("mine.yaml"), "name: mine\nparameters: { a: { uniform: [0, 1] } }\nobservation: [2]\nprotocol: frames\n" +
            "command: [/usr/bin/python3, none.py]\nevents: seen.json\n");
        const string Events =
            """
            name: small
            simulator: mine.yaml
            datasets: { train: { rows: 1000 }, event: { events: true } }
            models: { amnre: { samples: train, arbitrary: true, epochs: 2 } }
            evaluations: { one: { data: event, indices: [0, 2], masks: ["1"], FIELDS } }
            """;
        ExperimentPlan Plan(string events, string fields = "draws: 5")
        {
            File.WriteAllText(At("seen.json"), events);
            return Planner.Plan(ExperimentReader.Read(At("small.yaml"), Events.Replace("FIELDS", fields, StringComparison.Ordinal)));
        }

        string Refused(string events, string fields) => Assert.Throws<ExperimentException>(() => Plan(events, fields)).Message;

        var first = Plan("""{"x": [[1, 2], [3, 4]]}""");
        Assert.Equal(2, CanonicalJson.Read<GatherSettings>(Find(first, "gather/event").Settings).Rows);
        var other = Plan("""{"x": [[1, 2], [3, 5]], "theta": [[0.5], [0.25]]}""", "coverage: true");
        Assert.NotEqual(Find(first, "gather/event").Fingerprint, Find(other, "gather/event").Fingerprint);
        // Events decide no rows.
        Assert.Equal(Find(first, "train/amnre").Fingerprint, Find(other, "train/amnre").Fingerprint);

        Assert.Contains("'coverage' needs the true parameters, and those of the events of dataset 'event' are not known",
            Refused("""{"x": [[1, 2], [3, 4]]}""", "coverage: true"), StringComparison.Ordinal);
        Assert.Contains("'theta' has shape (1, 1), but 2 events of 1 parameters are (2, 1)",
            Refused("""{"x": [[1, 2], [3, 4]], "theta": [[0.5]]}""", "draws: 5"), StringComparison.Ordinal);
        Assert.Contains("are not of", Refused("[1, 2, 3]", "draws: 5"), StringComparison.Ordinal);
        File.Delete(At("seen.json"));
        Assert.Contains("there is no such file",
            Assert.Throws<ExperimentException>(() => ExperimentReader.Read(At("small.yaml"), Events.Replace("FIELDS", "draws: 5"))).Message,
            StringComparison.Ordinal);
    }

    private string At(string name) => Path.Combine(_folder, name);

    private ExperimentPlan Plan(string fields, string models = "[amnre]") =>
        Planner.Plan(ExperimentReader.Read(At("small.yaml"), Written(fields, models)));

    private string Refused(string fields, string models = "amnre") =>
        Assert.Throws<ExperimentException>(() => ExperimentReader.Read(At("small.yaml"), Written(fields, models))).Message;

    private static string Written(string fields, string models)
    {
        var text = Text.Replace("FITTING", $"{models}, {fields}", StringComparison.Ordinal);
        return fields.Contains("data:", StringComparison.Ordinal)
            ? text.Replace("all: { data: test, ", "all: { ", StringComparison.Ordinal) : text;
    }

    private static JobSpec Find(ExperimentPlan plan, string name) => plan.Jobs.Single(job => job.Name == name);
}
