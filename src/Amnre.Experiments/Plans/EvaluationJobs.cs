using Amnre.Engine.Catalog;
using Amnre.Engine.Draws;
using Amnre.Engine.Evaluation;
using Amnre.Engine.Masks;
using Amnre.Engine.Settings;
using Amnre.Jobs.Specs;

namespace Amnre.Experiments.Plans;

/// <summary>The jobs of an evaluation, one for each of its models.</summary>
internal static class EvaluationJobs
{
    public static string NameOf(string evaluation, string model) => $"evaluate/{evaluation}/{model}";

    public static void Add(
        PlannedJobs jobs, ExperimentFile experiment, TrainingJobs trainings, DatasetJobs datasets, EvaluationSection evaluation)
    {
        var isTrue = evaluation.Settings.Reference == TrueReference.Likelihood;
        if (isTrue && evaluation.Models.Count > 0) AddTruth(jobs, experiment, datasets, evaluation);
        foreach (var model in evaluation.Models)
        {
            List<JobInput> inputs =
            [
                .. trainings.Weights(model),
                new("samples", datasets.NameOf(evaluation.Data), DatasetJobs.Output),
            ];
            // What was measured is compared with what the model, or an ensemble's first, was trained on.
            var simulations = new JobInput("simulations", datasets.NameOf(trainings.SamplesOf(model)), DatasetJobs.Output);
            if (!datasets[evaluation.Data].HasTheta) inputs.Add(simulations);
            // Only a simulation takes the basis; the observations are written in it.
            var basis = new JobInput("basis", Planner.Basis, "basis.h5");
            if (evaluation.Settings.Predictive && experiment.Basis is not null) inputs.Add(basis);
            List<JobInput> reference = isTrue ? [new("reference", NameOfTruth(evaluation), "draws.h5")] : [];
            if (evaluation.Reference is { } name)
            {
                var other = experiment.Evaluations.First(one => one.Name == name);
                reference.Add(new("reference", NameOf(name, ModelOf(other, model)), "draws.h5"));
                reference.AddRange(Required(other, ModelOf(other, model)));
            }

            jobs.Add(NameOf(evaluation.Name, model), JobKind.Evaluate,
                evaluation.Settings with
                {
                    Combine = trainings.CombinationOf(model),
                    Reference = isTrue ? null : evaluation.Settings.Reference,
                }, [.. inputs, .. reference],
                [.. Outputs(evaluation, $"results/{model}_{evaluation.Name}")], evaluation.Resources);
            if (evaluation.Verdict.IsAsked)
                AddVerdict(jobs, evaluation, model, trainings.CombinationOf(model),
                    [
                        .. trainings.Weights(model),
                        new("samples", datasets.NameOf(evaluation.Verdict.Data ?? evaluation.Data), DatasetJobs.Output),
                        .. evaluation.Verdict.Data is null
                            ? (IEnumerable<JobInput>)[]
                            : [new("observations", datasets.NameOf(evaluation.Data), DatasetJobs.Output), simulations,
                                .. experiment.Basis is null ? [] : (IEnumerable<JobInput>)[basis]],
                        .. evaluation.VerdictCompares ? reference : [],
                    ]);
        }
    }

    /// <summary>What a reader of an evaluation waits for besides its files: that its verdict meets what is required.</summary>
    public static IEnumerable<JobInput> Required(EvaluationSection evaluation, string model) =>
        evaluation.Verdict.Require.Count == 0 ? [] : [new("require", JobKinds.NameOfRequirement(evaluation.Name, model), "met.json")];

    private static string NameOfTruth(EvaluationSection evaluation) => $"truth/{evaluation.Name}";

    /// <summary>One job for all models: a truth may take longer than an evaluation.</summary>
    private static void AddTruth(PlannedJobs jobs, ExperimentFile experiment, DatasetJobs datasets, EvaluationSection evaluation)
    {
        var settings = evaluation.Settings;
        var simulator = SimulatorCatalog.Find(experiment.Simulator);
        using var processes = simulator as IDisposable;
        jobs.Add(NameOfTruth(evaluation), JobKind.Truth,
            new TruthSettings
            {
                Simulator = settings.Simulator,
                First = settings.First,
                Last = settings.Last,
                Masks = [.. EvaluateSettingsErrors.Masks(settings, simulator).Append(ParameterMask.Full(simulator.ThetaSize)).Distinct()
                    .Select(mask => mask.ToString())],
                Draws = settings.Draws,
                Seed = settings.Seed,
                Threads = settings.Threads,
            },
            [new("samples", datasets.NameOf(evaluation.Data), DatasetJobs.Output)],
            [
                new("draws.h5", $"results/truth_{evaluation.Name}_draws.h5"),
                new("quality.csv", $"results/truth_{evaluation.Name}_quality.csv"),
            ],
            evaluation.Resources);
    }

    private static void AddVerdict(
        PlannedJobs jobs, EvaluationSection evaluation, string model, Combination? combination, IReadOnlyList<JobInput> inputs)
    {
        var (asked, settings, verdict) = (evaluation.Verdict, evaluation.Settings, $"verdict/{evaluation.Name}/{model}");
        jobs.Add(verdict, JobKind.Verdict,
            new VerdictSettings
            {
                Simulator = settings.Simulator,
                Rows = asked.Rows,
                First = asked.Data is null ? 0 : settings.First,
                Last = asked.Data is null ? 0 : settings.Last,
                Seed = settings.Seed,
                Thresholds = asked.Thresholds,
                Combine = combination,
                Threads = settings.Threads,
                Device = settings.Device,
                Reference = evaluation.VerdictCompares && settings.Reference != TrueReference.Likelihood ? settings.Reference : null,
            },
            inputs, [new("verdict.json", $"results/{model}_{evaluation.Name}_verdict.json")], evaluation.Resources);
        if (asked.Require.Count > 0)
            jobs.Add(JobKinds.NameOfRequirement(evaluation.Name, model), JobKind.Require, new RequireSettings(asked.Require),
                [new("verdict", verdict, "verdict.json")], [new("met.json", null)], new());
    }

    /// <summary>The model whose draws a model's are compared with: the same, or the other evaluation's only one.</summary>
    private static string ModelOf(EvaluationSection other, string model) => other.Models.Contains(model) ? model : other.Models[0];

    private static IEnumerable<JobOutput> Outputs(EvaluationSection evaluation, string stem)
    {
        var settings = evaluation.Settings;
        yield return new("summary.json", $"{stem}_summary.json");
        if (settings.Last > settings.First)
        {
            yield return new("table.csv", $"{stem}.csv");
            // There only where marginals were sampled.
            yield return new("sampling*", $"{stem}_sampling*");
            if (settings.Consistency) yield return new("consistency_*", $"{stem}_*");
            if (!settings.Clean) yield return new("histograms/*", $"{stem}_*");
            if (settings is { Clean: false, Accuracy: true }) yield return new("truth/*", $"{stem}_truth_*");
        }

        if (settings.Kl) yield return new("kl.json", $"{stem}.json");
        if (settings.Classify) yield return new("roc.h5", $"{stem}.h5");
        if (settings.Draws > 0) yield return new("draws.h5", $"{stem}_draws.h5");
        if (settings.Coverage) yield return new("coverage.csv", $"{stem}_coverage.csv");
        if (settings.Diagnostics)
            foreach (var name in (string[])["ranks", "tarp", "diagnostics"]) yield return new($"{name}.csv", $"{stem}_{name}.csv");
        if (settings.Reference is not null || evaluation.Reference is not null) yield return new("c2st.csv", $"{stem}_c2st.csv");
    }
}
