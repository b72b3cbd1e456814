using Amnre.Engine.Settings;
using Amnre.Jobs.Specs;

namespace Amnre.Experiments.Plans;

/// <summary>Which job trains which model: one each, or one for the replicates of a point that are trained together.</summary>
internal sealed class TrainingJobs(IReadOnlyList<ModelSection> models, DatasetJobs datasets)
{
    private readonly Dictionary<string, ModelSection> _models = models.ToDictionary(model => model.Name);

    /// <summary>A file of a model as another job reads it.</summary>
    /// <param name="role">What it is read for.</param>
    /// <param name="model">Its name.</param>
    /// <param name="file">Such as <c>model.pth</c>.</param>
    public JobInput Input(string role, string model, string file) => new(role, NameOf(_models[model]), FolderOf(_models[model]) + file);

    /// <summary>In the order of the file, in which each comes after those it starts from.</summary>
    public void AddTo(PlannedJobs jobs)
    {
        foreach (var job in models.Where(model => model.Combine is null).GroupBy(NameOf))
        {
            if (job.First().Search is not null) SearchJobs.Add(jobs, job.First(), datasets);
            else Add(jobs, job.Key, [.. job]);
        }
    }

    /// <summary>The weights that a model is evaluated with: its own, or those of its members.</summary>
    public IEnumerable<JobInput> Weights(string model) => _models[model] is { Combine: not null, Ensemble: var members }
        ? members.Select(member => Input("member", member, "model.pth"))
        : [Input("model", model, "model.pth")];

    /// <summary>The dataset that a model was trained on; of an ensemble, its first member.</summary>
    public string SamplesOf(string model) => _models[model] is { Combine: not null, Ensemble: [var first, ..] }
        ? SamplesOf(first)
        : _models[model].Samples;

    /// <summary>How a model's members are one; null for a training.</summary>
    public Combination? CombinationOf(string model) => _models[model].Combine;

    /// <summary>The name of the job that publishes a model.</summary>
    public static string NameOf(ModelSection model) => model.Search is not null
        ? SearchJobs.NameOf(model)
        : $"train/{(model.Together ? model.Origin!.Point : model.Name)}";

    private static string FolderOf(ModelSection model) => model.Together ? ReplicateFolder.Of(model.Origin!.Replicate!.Value) : "";

    private void Add(PlannedJobs jobs, string name, IReadOnlyList<ModelSection> members)
    {
        var first = members[0];
        var inputs = new List<JobInput> { new("samples", datasets.NameOf(first.Samples), DatasetJobs.Output) };
        if (first.Valid is { } valid) inputs.Add(new("valid", datasets.NameOf(valid), DatasetJobs.Output));
        // One for each member, or one for all of them.
        inputs.AddRange(members.Select(model => model.Weights).OfType<string>().Distinct()
            .Select(weights => Input("weights", weights, "model.pth")));
        inputs.AddRange(members.Select(model => model.Adversary).OfType<string>().Distinct()
            .Select(adversary => Input("adversary", adversary, "model.pth")));
        jobs.Add(name, JobKind.Train, first.Settings with { Replicates = first.Together ? members.Count : null }, inputs,
            [.. members.SelectMany(Outputs)], first.Resources);
    }

    private static IEnumerable<JobOutput> Outputs(ModelSection model)
    {
        var (folder, other) = (FolderOf(model), model.Settings.Keep == KeptWeights.Best ? "last" : "best");
        return
        [
            new JobOutput($"{folder}model.pth", $"models/{model.Name}.pth"),
            new JobOutput($"{folder}model.json", $"models/{model.Name}.json", Measured: true),
            new JobOutput($"{folder}model.csv", $"models/{model.Name}.csv", Measured: true),
            new JobOutput($"{folder}model.{other}.pth", $"models/{model.Name}.{other}.pth"),
        ];
    }
}
