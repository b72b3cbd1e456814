using YamlDotNet.RepresentationModel;

namespace Amnre.Experiments.Fields;

/// <summary>One combination of values of a sweep.</summary>
/// <param name="Label">What it adds to the section's name, without the hyphen; empty for the one point of no sweep.</param>
/// <param name="Values">What it sets, later ones over earlier ones.</param>
internal sealed record SweepPoint(string Label, IReadOnlyList<SweepValue> Values)
{
    public static SweepPoint None { get; } = new("", []);

    public SweepPoint And(SweepPoint other) =>
        new(string.Join('-', new[] { Label, other.Label }.Where(label => label.Length > 0)), [.. Values, .. other.Values]);

    /// <summary>The fields with this point's values in place of theirs; <paramref name="fields"/> stays as it is.</summary>
    public YamlMappingNode Apply(YamlMappingNode fields, ErrorList errors) =>
        Values.Aggregate(fields, (node, value) => Set(node, value.Path.Split('.'), value, errors));

    private static YamlMappingNode Set(YamlMappingNode fields, ReadOnlySpan<string> path, SweepValue value, ErrorList errors)
    {
        var copy = new YamlMappingNode(fields.Children);
        errors.Place(copy, fields);
        var key = new YamlScalarNode(path[0]);
        errors.Place(key, value.Key);
        var old = copy.Children.TryGetValue(key, out var found) ? found : null;
        copy.Children.Remove(key);
        if (path.Length == 1)
        {
            copy.Children.Add(key, value.Node);
            return copy;
        }

        var inner = old as YamlMappingNode ?? new YamlMappingNode();
        if (old is null) errors.Place(inner, value.Key);
        copy.Children.Add(key, Set(inner, path[1..], value, errors));
        return copy;
    }
}

/// <summary>A value that a point sets.</summary>
/// <param name="Path">Field, or field.keyword.</param>
/// <param name="Key">Where the path is written.</param>
/// <param name="Node">The value.</param>
internal sealed record SweepValue(string Path, YamlNode Key, YamlNode Node)
{
    /// <summary>The value as one line of text.</summary>
    public string Text => Node is YamlScalarNode scalar ? scalar.Value ?? "" : YamlJson.Of(Node)?.ToJsonString() ?? "";
}
