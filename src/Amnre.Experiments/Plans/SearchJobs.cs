using Amnre.Engine.Searches;
using Amnre.Engine.Settings;
using Amnre.Engine.Training;
using Amnre.Jobs.Specs;

namespace Amnre.Experiments.Plans;

/// <summary>The jobs of a search: all trainings that there can be, rung by rung, and a decision on each rung, which says which of the next
/// rung's run.</summary>
internal static class SearchJobs
{
    /// <summary>The last decision, which publishes the best model under the search's name.</summary>
    public static string NameOf(ModelSection model) => Decision(model, model.Search!.Rungs.Count);

    /// <param name="jobs">Receives them.</param>
    /// <param name="model">The search.</param>
    /// <param name="datasets">That its trainings read.</param>
    public static void Add(PlannedJobs jobs, ModelSection model, DatasetJobs datasets)
    {
        var search = model.Search!;
        for (var rung = 1; rung <= search.Rungs.Count; rung++)
        {
            foreach (var candidate in search.Candidates) AddTraining(jobs, model, candidate, rung, datasets);
            AddDecision(jobs, model, rung);
        }
    }

    private static void AddTraining(PlannedJobs jobs, ModelSection model, SearchCandidate candidate, int rung, DatasetJobs datasets)
    {
        var (training, isLast) = (candidate.Model, rung == model.Search!.Rungs.Count);
        var inputs = new List<JobInput> { new("samples", datasets.NameOf(training.Samples), DatasetJobs.Output) };
        if (training.Valid is { } valid) inputs.Add(new("valid", datasets.NameOf(valid), DatasetJobs.Output));
        if (rung > 1)
        {
            inputs.Add(new(JobInput.Admission, Decision(model, rung - 1), DecisionFile.Name) { Branch = candidate.Label });
            inputs.Add(new(JobInput.Resume, Training(model, candidate, rung - 1), StateName));
        }

        var stem = $"{Folder(model)}/rung-{rung}/{candidate.Label}";
        List<JobOutput> outputs =
        [
            new(Weights, null),
            new(Settings, $"{stem}.json", Measured: true),
            new(History, $"{stem}.csv", Measured: true),
            new(OtherWeights(training), null),
        ];
        // Times of the epochs are part of the state.
        if (!isLast) outputs.Add(new(StateName, null, Measured: true));
        jobs.Add(Training(model, candidate, rung), JobKind.Train,
            training.Settings with { StopAfter = isLast ? null : model.Search.Rungs[rung - 1].Epochs }, inputs, outputs, training.Resources,
            inKey: input => input.Decides);
    }

    private static void AddDecision(PlannedJobs jobs, ModelSection model, int rung)
    {
        var search = model.Search!;
        var (isLast, inputs) = (rung == search.Rungs.Count, new List<JobInput>());
        if (rung > 1) inputs.Add(new(JobInput.Previous, Decision(model, rung - 1), DecisionFile.Name));
        string[] read = isLast ? [History, Weights, Settings, OtherWeights(model)] : [History];
        foreach (var (place, candidate) in search.Candidates.Index())
            inputs.AddRange(read.Select(file =>
                new JobInput(JobInput.Candidate(place), Training(model, candidate, rung), file) { Optional = rung > 1 }));
        List<JobOutput> outputs = [new(DecisionFile.Name, $"{Folder(model)}/rung-{rung}.json")];
        if (isLast)
            outputs.AddRange(
            [
                new(Weights, $"models/{model.Name}.pth"),
                new(Settings, $"models/{model.Name}.json", Measured: true),
                new(History, $"models/{model.Name}.csv", Measured: true),
                new(OtherWeights(model), $"models/{model.Name}.{(model.Settings.Keep == KeptWeights.Best ? "last" : "best")}.pth"),
            ]);
        jobs.Add(Decision(model, rung), JobKind.Decide,
            new DecideSettings
            {
                Candidates = [.. search.Candidates.Select(candidate => candidate.Label)],
                Metric = search.Metric,
                Rung = rung,
                Epochs = search.Rungs[rung - 1].Epochs,
                Keep = search.Rungs[rung - 1].Keep,
                Adopts = isLast,
            },
            inputs, outputs, new());
    }

    private const string Weights = "model.pth", Settings = "model.json", History = "model.csv";

    private static string StateName => Path.ChangeExtension(Weights, TrainingRun.PausedState);

    private static string OtherWeights(ModelSection model) =>
        $"model.{(model.Settings.Keep == KeptWeights.Best ? "last" : "best")}.pth";

    private static string Folder(ModelSection model) => $"searches/{model.Name}";

    private static string Decision(ModelSection model, int rung) => JobKinds.NameOfDecision(model.Name, rung);

    private static string Training(ModelSection model, SearchCandidate candidate, int rung) =>
        $"train/{model.Name}/{rung}/{candidate.Label}";
}
