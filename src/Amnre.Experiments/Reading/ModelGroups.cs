using System.IO.Enumeration;
using Amnre.Experiments.Fields;
using Amnre.Experiments.Plans;

namespace Amnre.Experiments.Reading;

/// <summary>Some trainings under one name: replicates of one point, or a single one.</summary>
internal sealed record ModelSeries(string Name, IReadOnlyList<string> Members);

/// <summary>What names of models stand for. A section stands for each of its points; a point for its replicates; a member for itself; a
/// pattern with <c>*</c> or <c>?</c> for the points that match, or, if none does, for the members that match.</summary>
internal sealed class ModelGroups(IReadOnlyList<ModelSection> models)
{
    private readonly List<ModelSeries> _points =
        [.. models.GroupBy(model => model.Origin?.Point ?? model.Name)
            .Select(point => new ModelSeries(point.Key, [.. point.Select(model => model.Name)]))];

    private readonly Dictionary<string, ModelSection> _members = models.DistinctBy(model => model.Name)
        .ToDictionary(model => model.Name, StringComparer.Ordinal);

    /// <summary>One training; null where none is called so.</summary>
    public ModelSection? Member(string name) => _members.GetValueOrDefault(name);

    /// <summary>All points, in the order of the file.</summary>
    public IReadOnlyList<ModelSeries> All => _points;

    /// <summary>Names of the sections, for messages.</summary>
    public IReadOnlyList<string> Sections { get; } = [.. models.Select(SectionOf).Distinct()];

    /// <returns>Empty when the name stands for nothing.</returns>
    public IReadOnlyList<ModelSeries> Find(string name)
    {
        if (name.IndexOfAny(['*', '?']) >= 0)
        {
            var pattern = name.Replace("\\", "\\\\", StringComparison.Ordinal);
            bool Fits(string model) => FileSystemName.MatchesSimpleExpression(pattern, model, ignoreCase: false);
            var points = _points.FindAll(point => Fits(point.Name));
            return points.Count > 0
                ? points
                : [.. models.Where(model => Fits(model.Name)).Select(model => new ModelSeries(model.Name, [model.Name]))];
        }

        var inSection = models.Where(model => SectionOf(model) == name).Select(model => model.Origin?.Point ?? model.Name).ToHashSet();
        if (inSection.Count > 0) return _points.FindAll(point => inSection.Contains(point.Name));
        if (_points.Find(point => point.Name == name) is { } one) return [one];
        return models.Any(model => model.Name == name) ? [new ModelSeries(name, [name])] : [];
    }

    /// <summary>What the names below <paramref name="key"/> stand for, in their order; null when the key is absent.</summary>
    public IReadOnlyList<ModelSeries>? Read(Section body, string key)
    {
        if (body.Texts(key) is not { } names) return null;
        if (names.Count == 0) body.Error(key, $"'{key}' is empty: name at least one model ({Section.Listed(Sections)})");
        var found = new List<ModelSeries>();
        foreach (var name in names)
        {
            var series = Find(name);
            if (series.Count == 0)
                body.Error(key, name.IndexOfAny(['*', '?']) >= 0
                    ? $"{key} '{name}' matches no model of this file ({Section.Listed(Sections)})"
                    : $"{key} '{name}' is no model of this file ({Section.Listed(Sections)})");
            found.AddRange(series.Where(one => !found.Exists(other => other.Name == one.Name)));
        }

        return found;
    }

    private static string SectionOf(ModelSection model) => model.Origin?.Section ?? model.Name;
}
