using Amnre.Engine.Settings;
using Amnre.Experiments.Fields;
using Amnre.Experiments.Plans;
using Amnre.Experiments.Reading;
using Amnre.Jobs.Specs;

namespace Amnre.Experiments.Tests;

/// <summary>Verdicts of a study, and what waits for them.</summary>
public sealed class VerdictPlanTests
{
    private const string Text =
        """
        name: small
        simulator: SLCP
        datasets:
          train: { rows: 1000 }
          test: { rows: 100, seed: 1 }
          few: { rows: 63, seed: 2 }
          again: { rows: 100 }
        models:
          amnre: { samples: train, arbitrary: true, epochs: 2 }
          nre: { samples: train, epochs: 2 }
          pairs: { samples: train, masks: [=2], epochs: 2 }
        evaluations:
          known: { data: test, models: [amnre, nre], masks: ["11111"], draws: 64, REQUIRED }
          check: { data: test, models: FITTING }
        figures:
          corner: { type: corner, evaluation: check, models: SHOWN }
          other: { type: error, evaluation: known, models: nre }
        """;

    [Fact]
    public void What_reads_from_an_evaluation_waits_for_what_it_requires_and_the_evaluation_stays_as_it_is()
    {
        var plain = Plan("");
        var judged = Plan("verdict: true");
        var required = Plan("require: [ranks, coverage], thresholds: { coverage: 0.1 }");

        Assert.DoesNotContain(plain.Jobs, job => job.Kind is JobKind.Verdict or JobKind.Require);
        Assert.Equal(Of(plain, "evaluate/check/amnre").Fingerprint, Of(required, "evaluate/check/amnre").Fingerprint);
        // Without a requirement nothing waits for the verdict.
        Assert.Equal(Of(plain, "plot/corner").Fingerprint, Of(judged, "plot/corner").Fingerprint);
        Assert.DoesNotContain(judged.Jobs, job => job.Kind == JobKind.Require);
        Assert.Equal(["results/amnre_check_verdict.json"], Of(judged, "verdict/check/amnre").Outputs.Select(output => output.Path));
        Assert.Equal(["model train/amnre", "samples gather/test"],
            Of(judged, "verdict/check/amnre").Inputs.Select(input => $"{input.Role} {input.Job}"));

        var settings = CanonicalJson.Read<VerdictSettings>(Of(required, "verdict/check/amnre").Settings);
        Assert.Equal([(VerdictCheck.Coverage, 0.1)], settings.Thresholds.Select(one => (one.Key, one.Value)));
        Assert.Equal((512, "SLCP"), (settings.Rows, settings.Simulator));
        var gate = Of(required, "require/check/amnre");
        Assert.Equal("""{"checks":["coverage","ranks"]}""", gate.Settings);
        Assert.Equal("verdict/check/amnre", gate.Inputs.Single().Job);
        Assert.Contains("require/check/amnre", Of(required, "plot/corner").Inputs.Select(input => input.Job));
        Assert.DoesNotContain("require/check/amnre", Of(required, "plot/other").Inputs.Select(input => input.Job));
    }

    [Fact]
    public void Another_requirement_measures_nothing_again()
    {
        var (one, other) = (Plan("require: coverage"), Plan("require: [coverage, tarp]"));

        Assert.Equal(Of(one, "verdict/check/amnre").Fingerprint, Of(other, "verdict/check/amnre").Fingerprint);
        Assert.NotEqual(Of(one, "require/check/amnre").Fingerprint, Of(other, "require/check/amnre").Fingerprint);
        // One order and one spelling, one fingerprint.
        Assert.Equal(Of(other, "require/check/amnre").Fingerprint,
            Of(Plan("require: [tarp, coverage, tarp]"), "require/check/amnre").Fingerprint);
        Assert.Equal(Of(Plan("verdict: true, thresholds: { ranks: 0.1, coverage: 0.1 }"), "verdict/check/amnre").Fingerprint,
            Of(Plan("verdict: true, thresholds: { coverage: 1e-1, ranks: 0.1 }"), "verdict/check/amnre").Fingerprint);
        Assert.NotEqual(Of(one, "verdict/check/amnre").Fingerprint,
            Of(Plan("require: coverage, thresholds: { coverage: 0.1 }"), "verdict/check/amnre").Fingerprint);
    }

    [Fact]
    public void An_evaluation_waits_for_what_its_reference_requires_and_its_verdict_compares()
    {
        const string Fields = "masks: [\"11111\"], draws: 64, reference: known, require: c2st";
        var plan = Plan(Fields, required: "require: finite");

        Assert.Contains("require/known/amnre", Of(plan, "evaluate/check/amnre").Inputs.Select(input => input.Job));
        Assert.Contains("evaluate/known/amnre draws.h5",
            Of(plan, "verdict/check/amnre").Inputs.Select(input => $"{input.Job} {input.Output}"));
        Assert.Contains("require/known/nre", Of(plan, "plot/other").Inputs.Select(input => input.Job));
        // Its rows are not among those of the verdict.
        Assert.Contains("c2st compares draws of all parameters with reference draws, and there are none",
            Refused("masks: [\"11111\"], draws: 64, indices: [70, 71], reference: known, require: c2st, verdict_rows: 64"));
    }

    [Fact]
    public void A_figure_waits_for_every_evaluation_that_it_names()
    {
        var text = Written("require: finite", "[amnre]", "clean: false").Replace("evaluation: known, models: nre",
            "evaluation: [known, check], models: amnre", StringComparison.Ordinal);
        var figure = Of(Planner.Plan(ExperimentReader.Read("small.yaml", text)), "plot/other");

        Assert.Equal(["series:0 evaluate/known/amnre", "require require/check/amnre"],
            figure.Inputs.Select(input => $"{input.Role} {input.Job}"));
    }

    [Theory]
    [InlineData("masks: [\"11111\"], draws: 1000", "makes histograms of 11111 by chains of 4096 × 16384 states, 7e+7 evaluations")]
    [InlineData("masks: [\"11111\"], draws: 1000, steps: 64, burn: 32", null)]
    [InlineData("masks: [\"11111\"], draws: 1000, clean: true", null)]
    [InlineData("masks: [\"11111\"], draws: 1000, clean: true, accuracy: true", "clean: true leaves them out, unless accuracy")]
    [InlineData("masks: [=2], draws: 1000", null)]
    [InlineData("masks: [\"11111\"]", null)]
    [InlineData("masks: [\"11111\"], draws: 1000, sampling: importance", null)]
    public void Chains_that_draws_do_not_need_are_told(string fields, string? says)
    {
        // Evaluations without histograms have no figure of them.
        var text = Written(fields, "[amnre]", "steps: 64, burn: 32").Split("\nfigures:")[0];
        var experiment = ExperimentReader.Read("small.yaml", text);

        var notes = SamplingNotes.Of(experiment).ToList();

        if (says is null) Assert.Empty(notes);
        else Assert.Contains(says, Assert.Single(notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("require: covrage", "require 'covrage' is unknown: give one of coverage, ranks, tarp")]
    [InlineData("require: likeness", "likeness is checked at a measured observation, and this verdict is of simulated rows")]
    [InlineData("verdict: true, verdict_data: test", "dataset 'test' has true parameters, so the models are judged by it")]
    [InlineData("verdict_data: test", "verdict_data is that of a verdict, and none is asked for")]
    [InlineData("require: c2st", "c2st compares draws of all parameters with reference draws, and there are none")]
    [InlineData("verdict: true, thresholds: { total: 0.5 }", "threshold total=0.5 cannot be: write a number above 1")]
    [InlineData("verdict: true, thresholds: { ensemble: 2 }", "ensemble is checked at a measured observation")]
    [InlineData("verdict: true, thresholds: { coverage: high }", "thresholds 'coverage=high' gives no number")]
    [InlineData("verdict: true, thresholds: { sizes: 1 }", "thresholds 'sizes' is unknown: give one of coverage")]
    [InlineData("thresholds: { coverage: 0.1 }", "none is asked for: add verdict: true")]
    [InlineData("verdict: true, verdict_rows: 10", "10 is too small")]
    [InlineData("verdict: true, data: few", "dataset 'few' has 63 rows, and a verdict takes 64 or more")]
    [InlineData("verdict: true, data: train", "model 'amnre' is trained on dataset 'train', so verdict would judge it by rows")]
    [InlineData("verdict: true, data: again", "is trained on dataset 'train', which has rows of dataset 'again', so verdict would judge")]
    [InlineData("verdict: true, given: { θ₁: 0.5 }", "given adds θ₁: leave given or verdict out")]
    [InlineData("require: consistency", "takes marginals of single parameters, which model 'nre' does not know", "nre")]
    [InlineData("verdict: true", "which model 'pairs' does not know: train it for mask 11111 too", "pairs")]
    public void What_cannot_be_measured_is_refused_before_anything_runs(string fields, string message, string models = "amnre") =>
        Assert.Contains(message, Refused(fields, models), StringComparison.Ordinal);

    [Theory]
    [InlineData("verdict: true", "verdict compares with true parameters, and observation 'seen' has none: name a dataset")]
    [InlineData("verdict: true, verdict_data: seen", "and observation 'seen' has none: name a dataset with known parameters")]
    [InlineData("verdict: true, verdict_data: tset", "verdict_data 'tset' is no dataset of this file")]
    [InlineData("verdict: true, verdict_data: train", "model 'amnre' is trained on dataset 'train', so verdict would judge it by rows")]
    [InlineData("verdict: true, verdict_data: few", "dataset 'few' has 63 rows, and a verdict takes 64 or more")]
    [InlineData("verdict: true, verdict_data: again", "is trained on dataset 'train', which has rows of dataset 'again'")]
    [InlineData("require: ensemble, verdict_data: test", "compares the members of an ensemble, and 'amnre' is one model")]
    [InlineData("require: [finite, c2st], verdict_data: test", "c2st compares draws of all parameters with reference draws")]
    public void What_an_observation_cannot_be_judged_by_is_refused(string fields, string message) =>
        Assert.Contains(message, Assert.Throws<ExperimentException>(() => Seen($"{fields}, data: seen")).Message, StringComparison.Ordinal);

    [Fact]
    public void An_observation_is_judged_by_a_dataset_with_known_parameters()
    {
        var plan = Seen("data: seen, indices: [0, 2], require: [likeness, predictive], verdict_data: test");
        var judged = Of(plan, "verdict/check/amnre");

        Assert.Equal(["model train/amnre", "samples gather/test", "observations import/seen", "simulations gather/train"],
            judged.Inputs.Select(input => $"{input.Role} {input.Job}"));
        var settings = CanonicalJson.Read<VerdictSettings>(judged.Settings);
        Assert.Equal((0, 2, 512), (settings.First, settings.Last, settings.Rows));
        Assert.Contains("require/check/amnre", Of(plan, "plot/corner").Inputs.Select(input => input.Job));
    }

    /// <summary>A mistake in a field is told alone, without what would follow from the field's absence.</summary>
    [Theory]
    [InlineData("require: [finite, liekness], verdict_data: test", "'liekness' is unknown")]
    [InlineData("verdict: true, verdict_data: [test]", "must be a single value")]
    public void A_mistake_is_told_once(string fields, string message)
    {
        var error = Assert.Single(Assert.Throws<ExperimentException>(() => Seen($"{fields}, data: seen")).Errors);

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private static ExperimentPlan Seen(string fields)
    {
        var folder = Directory.CreateTempSubdirectory("amnre-test-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "x.csv"), "1,2,3,4,5,6,7,8\n8,7,6,5,4,3,2,1\n");
            var text = Written(fields, "amnre", "clean: false")
                .Replace("datasets:", "observations:\n  seen: { file: x.csv }\ndatasets:", StringComparison.Ordinal);
            return Planner.Plan(ExperimentReader.Read(Path.Combine(folder, "small.yaml"), text));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static JobSpec Of(ExperimentPlan plan, string job) => plan.Jobs.Single(one => one.Name == job);

    private static ExperimentPlan Plan(string fields, string required = "clean: false") =>
        Planner.Plan(ExperimentReader.Read("small.yaml", Written(fields, "[amnre]", required)));

    private static string Refused(string fields, string models = "amnre") =>
        Assert.Throws<ExperimentException>(() => ExperimentReader.Read("small.yaml", Written(fields, models, "clean: false"))).Message;

    private static string Written(string fields, string models, string required)
    {
        var text = Text.Replace("FITTING", fields.Length > 0 ? $"{models}, {fields}" : models, StringComparison.Ordinal)
            .Replace("SHOWN", models, StringComparison.Ordinal).Replace("REQUIRED", required, StringComparison.Ordinal);
        return fields.StartsWith("data:", StringComparison.Ordinal) || fields.Contains(" data:", StringComparison.Ordinal)
            ? text.Replace("check: { data: test, ", "check: { ", StringComparison.Ordinal) : text;
    }
}
