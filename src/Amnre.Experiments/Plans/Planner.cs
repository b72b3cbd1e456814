using Amnre.Engine;
using Amnre.Engine.Settings;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Submissions;

namespace Amnre.Experiments.Plans;

/// <summary>Turns an experiment into its graph of jobs. Pure: the same file gives the same plan.</summary>
public static class Planner
{
    /// <returns>A plan that every ledger and store can hold.</returns>
    /// <exception cref="InputException">The ledger would refuse the plan; so 'plan' refuses what 'run' and 'submit' would.</exception>
    public static ExperimentPlan Plan(ExperimentFile experiment) => Plan([experiment]);

    /// <param name="parts">The documents of one file.</param>
    /// <inheritdoc cref="Plan(ExperimentFile)"/>
    public static ExperimentPlan Plan(IReadOnlyList<ExperimentFile> parts)
    {
        var plan = new ExperimentPlan(parts[0].Name, parts[0].Text, [.. parts.SelectMany(Jobs)])
        {
            AtMost = parts[0].AtMost,
            Files = [.. parts.SelectMany(part => part.Files)],
        };
        PlanCheck.Require(plan);
        return plan;
    }

    private static IReadOnlyList<JobSpec> Jobs(ExperimentFile experiment)
    {
        var jobs = new PlannedJobs();
        if (experiment.Basis is { } basis)
            jobs.Add(Basis, JobKind.Basis, basis.Settings, [], [new JobOutput("basis.h5", "basis/reduced.h5")], basis.Resources);
        var datasets = new DatasetJobs(experiment);
        foreach (var dataset in experiment.Datasets.Concat(experiment.Observations))
        {
            if (dataset.Import is { } import) AddImport(jobs, datasets, dataset, import);
            else AddDataset(jobs, datasets, experiment.Basis is not null, dataset);
        }

        var trainings = new TrainingJobs(experiment.Models, datasets);
        trainings.AddTo(jobs);
        foreach (var evaluation in experiment.Evaluations) EvaluationJobs.Add(jobs, experiment, trainings, datasets, evaluation);
        foreach (var figure in experiment.Figures) AddFigure(jobs, experiment, trainings, datasets, figure);
        return jobs.InOrder;
    }

    internal const string Basis = "basis/reduced";

    private static void AddDataset(PlannedJobs jobs, DatasetJobs datasets, bool hasBasis, DatasetSection dataset)
    {
        List<JobInput> basis = !hasBasis ? [] : [new JobInput("basis", Basis, "basis.h5")];
        List<JobInput> inputs = [.. basis];
        for (var i = 0; i < dataset.Shards; i++)
        {
            var start = dataset.Settings.Rows * i / dataset.Shards;
            var end = dataset.Settings.Rows * (i + 1) / dataset.Shards;
            var name = $"sample/{dataset.Name}/{i}";
            jobs.Add(name, JobKind.Sample,
                new SampleSettings
                {
                    Simulator = dataset.Settings.Simulator,
                    Seed = dataset.Settings.Seed,
                    Start = start,
                    Rows = end - start,
                    OnNonFinite = dataset.Settings.OnNonFinite,
                    Live = dataset.Settings.Live,
                    Device = dataset.Settings.Device,
                },
                basis, [new JobOutput("shard.h5", null)], dataset.Resources);
            inputs.Add(new JobInput("shard", name, "shard.h5"));
        }

        if (dataset.Reference is { } reference) inputs.Add(new JobInput("reference", datasets.NameOf(reference), DatasetJobs.Output));
        jobs.Add(datasets.NameOf(dataset.Name), JobKind.Gather, dataset.Settings,
            inputs, [new JobOutput(DatasetJobs.Output, $"samples/{dataset.Name}.h5")], dataset.Resources,
            inKey: input => input.Role != "shard");
    }

    private static void AddImport(PlannedJobs jobs, DatasetJobs datasets, DatasetSection dataset, ImportSettings import)
    {
        List<JobInput> inputs = dataset.Reference is { } reference
            ? [new JobInput("reference", datasets.NameOf(reference), DatasetJobs.Output)]
            : [];
        var folder = dataset.HasTheta ? "samples" : "observations";
        jobs.Add(datasets.NameOf(dataset.Name), JobKind.Import, import, inputs,
            [new JobOutput(DatasetJobs.Output, $"{folder}/{dataset.Name}.h5")], dataset.Resources);
    }

    /// <summary>The row of a figure where none is written.</summary>
    private static int FirstRow(ExperimentFile experiment, FigureSection figure) =>
        figure.Series.SelectMany(series => series.Sources).Select(source => source.Evaluation).FirstOrDefault(name => name is not null)
            is { } evaluation ? experiment.Evaluations.First(one => one.Name == evaluation).Settings.First : 0;

    private static void AddFigure(
        PlannedJobs jobs, ExperimentFile experiment, TrainingJobs trainings, DatasetJobs datasets, FigureSection figure)
    {
        var (settings, inputs) = (figure.Settings, new List<JobInput>());
        var (row, entry) = (figure.Settings.Row ?? FirstRow(experiment, figure), 0);
        if (figure.Truth is { } truth)
            inputs.Add(new($"series:{entry++}", EvaluationJobs.NameOf(truth.Evaluation!, truth.Model), $"truth/{row}_*"));
        var needs = FigureNeeds.Of(figure.Settings.Type);
        foreach (var series in figure.Series)
        {
            var role = $"series:{entry++}";
            foreach (var source in series.Sources)
            {
                var evaluated = experiment.Evaluations.FirstOrDefault(one => one.Name == source.Evaluation)?.Settings;
                inputs.AddRange(needs.Outputs(row, series.Histograms, evaluated).Select(output => source.Evaluation is { } evaluation
                    ? new JobInput(role, EvaluationJobs.NameOf(evaluation, source.Model), output)
                    : trainings.Input(role, source.Model, output)));
            }
        }

        var models = figure.Series.SelectMany(series => series.Sources).Append(figure.Truth).OfType<FigureSource>()
            .Select(source => source.Model).Distinct().ToList();
        inputs.AddRange(experiment.Evaluations.Where(one => figure.Evaluations.Contains(one.Name))
            .SelectMany(one => models.Where(one.Models.Contains).SelectMany(model => EvaluationJobs.Required(one, model))));
        if (figure.Settings.Type is FigureType.Corner or FigureType.Information)
        {
            var data = experiment.Evaluations.First(evaluation => evaluation.Name == figure.Series[0].Sources[0].Evaluation).Data;
            if (!datasets[data].HasTheta)
            {
                // There is nothing to mark, but there may be something to warn of.
                settings = settings with { Row = row };
                inputs.AddRange(figure.Series.SelectMany(series => series.Sources)
                    .Select(source => new JobInput("table", EvaluationJobs.NameOf(source.Evaluation!, source.Model), "table.csv"))
                    .Distinct());
            }
            else if (figure.Settings is { Type: FigureType.Corner, Row: not null })
            {
                inputs.Add(new("samples", datasets.NameOf(data), DatasetJobs.Output));
            }
        }

        jobs.Add($"plot/{figure.Name}", JobKind.Plot, settings, inputs, [new JobOutput("figure*", $"figures/{figure.Name}*")],
            figure.Resources);
    }
}
