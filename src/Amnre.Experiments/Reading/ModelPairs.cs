using Amnre.Experiments.Fields;
using Amnre.Experiments.Plans;

namespace Amnre.Experiments.Reading;

/// <summary>Pairs each member of a section with one of the models above: with that of the same point of the sweep and the same
/// replicate, where the model named has several.</summary>
internal sealed class ModelPairs(IReadOnlyList<ModelSection> above)
{
    /// <returns>The model that <paramref name="key"/> names; null when the key is absent or wrong.</returns>
    public string? Read(Member member, string key)
    {
        if (member.Body.Text(key) is not { } name) return null;
        var candidates = Called(name);
        if (candidates.Count == 0)
        {
            var known = above.Select(model => model.Origin?.Section ?? model.Name).Distinct().ToList();
            member.Body.Error(key, $"{key} '{name}' is no model above this one of this file ({Section.Listed(known)})");
            return null;
        }

        if (candidates.Count == 1) return candidates[0].Name;
        var label = LabelOf(member.Origin);
        var points = candidates.Select(model => model.Origin!.Point).Distinct().Count() > 1
            ? candidates.Where(model => LabelOf(model.Origin!) == label).ToList()
            : candidates;
        if (points.Count == 1) return points[0].Name;
        if (points.Find(model => model.Origin!.Replicate == member.Origin.Replicate) is { } partner) return partner.Name;
        member.Body.Error(key, $"'{member.Name}' has no partner in '{name}', which stands for " +
            $"{string.Join(", ", candidates.Take(3).Select(model => model.Name))}{(candidates.Count > 3 ? ", …" : "")}: give both the " +
            "same sweep and replicates, or name one of them");
        return null;
    }

    private List<ModelSection> Called(string name)
    {
        var section = above.Where(model => (model.Origin?.Section ?? model.Name) == name).ToList();
        if (section.Count > 0) return section;
        var point = above.Where(model => model.Origin?.Point == name).ToList();
        return point.Count > 0 ? point : [.. above.Where(model => model.Name == name)];
    }

    private static string LabelOf(MemberOrigin origin) => origin.Point[origin.Section.Length..];
}
