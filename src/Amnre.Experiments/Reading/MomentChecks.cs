using Amnre.Engine.Imports;
using Amnre.Engine.Settings;
using Amnre.Experiments.Plans;

namespace Amnre.Experiments.Reading;

/// <summary>Whether the datasets of a study that meet are standardised by the same moments, by what the file says of them.</summary>
internal sealed class MomentChecks
{
    private readonly Dictionary<string, string> _sources = new(StringComparer.Ordinal);

    /// <param name="datasets">In the order of the file: each comes after its reference.</param>
    public MomentChecks(IReadOnlyList<DatasetSection> datasets)
    {
        // An observation without moments of its own is standardised by those of the model that judges it.
        foreach (var dataset in datasets.Where(dataset => dataset.HasTheta || dataset.Reference is not null))
            _sources.TryAdd(dataset.Name, SourceOf(dataset));
    }

    /// <summary>Whether observations, both datasets known, have moments that the training data of a model have not: those without any are
    /// standardised by the model's.</summary>
    public bool AreApart(string observations, string training) =>
        _sources.TryGetValue(observations, out var own) && own.Length > 0
        && _sources.TryGetValue(training, out var wanted) && own != wanted;

    /// <summary>Sentences on observations of <paramref name="evaluations"/> that the moments of a model standardise.</summary>
    public IReadOnlyList<string> Notes(IReadOnlyList<EvaluationSection> evaluations, ModelGroups models) =>
        [.. evaluations.SelectMany(evaluation => evaluation.Models.Select(models.Member).OfType<ModelSection>()
                .Select(model => (evaluation.Data, model.Samples, model.Name)))
            .Where(one => _sources.GetValueOrDefault(one.Data) is { Length: 0 }
                && _sources.GetValueOrDefault(one.Samples) is { Length: > 0 })
            .GroupBy(one => (one.Data, one.Samples), one => one.Name)
            .Select(one => $"dataset '{one.Key.Data}' has no moments: x is standardised with those of '{one.Key.Samples}', the training " +
                $"data of {string.Join(", ", one.Distinct().Select(name => $"'{name}'"))}")];

    /// <summary>A sentence on two datasets that do not have the same moments; null when they do, or one is not known.</summary>
    /// <param name="other">The dataset that is wanted like <paramref name="like"/>.</param>
    /// <param name="role">What the second one is, such as <c>the training data of model 'm'</c>.</param>
    public string? Error(string other, string like, string role)
    {
        if (!_sources.TryGetValue(other, out var own) || !_sources.TryGetValue(like, out var wanted) || own == wanted) return null;
        var remedy = wanted.Length == 0
            ? $"leave 'moments' out of '{other}'"
            : $"write 'moments: true' and 'reference: {like}' in '{other}'";
        return $"dataset '{other}' {Text(own)}, but {role}, '{like}', {Text(wanted)}: x would be standardised differently; {remedy}, or " +
            "the other way round";
    }

    private string SourceOf(DatasetSection dataset)
    {
        if (!dataset.Settings.Moments) return "";
        if (dataset.Reference is { } reference) return _sources.GetValueOrDefault(reference, reference);
        if (dataset.Import is { } import) return $"rows {import.First} to {import.First + import.Rows - 1} of {Names(import)}";
        // Estimated from these rows of the simulator, whatever the number of the dataset's own.
        return $"its simulator (seed {dataset.Settings.Seed}, {dataset.Settings.Dump} " +
            $"rows{(dataset.Settings.Live ? ", live" : "")}{(dataset.Settings.Device is { } device ? $", on {device}" : "")})";
    }

    /// <summary>Files by name and content: two of one name may differ.</summary>
    private static string Names(ImportSettings import) => string.Join(", ",
        ArrayImport.FilesOf(import).Distinct().Select(file => $"{file.Name} ({file.Sha256[..8]}…)"));

    private static string Text(string source) => source.Length == 0 ? "has no moments" : $"has moments of {source}";
}
