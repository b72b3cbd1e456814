namespace Amnre.Experiments.Plans;

/// <summary>Which job makes which dataset.</summary>
internal sealed class DatasetJobs(ExperimentFile experiment)
{
    public const string Output = "dataset.h5";

    private readonly Dictionary<string, DatasetSection> _datasets =
        experiment.Datasets.Concat(experiment.Observations).ToDictionary(dataset => dataset.Name, StringComparer.Ordinal);

    public DatasetSection this[string name] => _datasets[name];

    /// <summary>The name of the job that makes a dataset, or imports an observation.</summary>
    public string NameOf(string dataset) => _datasets[dataset].Import is null ? $"gather/{dataset}" : $"import/{dataset}";
}
