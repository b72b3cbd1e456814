using Amnre.Engine;
using YamlDotNet.RepresentationModel;

namespace Amnre.Experiments.Fields;

/// <summary>One mapping of an experiment file, read key by key. Whatever cannot be read becomes a validation error and a default;
/// unknown keys become validation errors in <see cref="RefuseTheRest"/>.</summary>
internal sealed class Section(string title, YamlMappingNode node, ErrorList errors)
{
    /// <summary>Names in one message.</summary>
    private const int MaxListed = 20;

    private readonly HashSet<string> _known = [];

    public YamlMappingNode Node => node;

    /// <summary>The line to blame for <paramref name="key"/>: its own where it is written, else the section's.</summary>
    private long LineOf(string key) => errors.LineOf(key.Length > 0 && Find(key) is { } value ? value : node);

    public void Error(string key, string message) => errors.Add(LineOf(key), title, message);

    /// <summary>About a part of a value.</summary>
    public void Error(YamlNode part, string message) => errors.Add(errors.LineOf(part), title, message);

    /// <summary>Accepts keys that were read elsewhere.</summary>
    public void Accept(params IReadOnlyCollection<string> keys)
    {
        foreach (var key in keys) Note(key);
    }

    /// <summary>The fields below <paramref name="key"/>; null when the key is absent.</summary>
    public Section? Nested(string key)
    {
        switch (Find(key))
        {
            case null:
                return null;
            case YamlMappingNode fields:
                return new Section($"{title}.{key}", fields, errors);
            default:
                Error(key, $"'{key}' must be a mapping of fields");
                return null;
        }
    }

    /// <summary>The mappings of the list below <paramref name="key"/>; null when the key is absent.</summary>
    public IReadOnlyList<Section>? List(string key)
    {
        switch (Find(key))
        {
            case null:
                return null;
            case YamlSequenceNode list when list.Children.All(item => item is YamlMappingNode):
                return [.. list.Children.Select((item, i) => new Section($"{title}.{key}[{i}]", (YamlMappingNode)item, errors))];
            default:
                Error(key, $"'{key}' must be a list of mappings, such as [{{ lr: 1e-3 }}, {{ lr: 1e-4 }}]");
                return null;
        }
    }

    /// <summary>The nodes of a list below <paramref name="key"/>; a single value stands for a list of one.</summary>
    public IReadOnlyList<YamlNode> Nodes(string key) => Find(key) switch
    {
        null => [],
        YamlSequenceNode list => [.. list.Children],
        var one => [one],
    };

    /// <summary>The named sections below <paramref name="key"/>, in order; none when the key is absent.</summary>
    public IReadOnlyList<(string Name, Section Body)> Sections(string key)
    {
        switch (Find(key))
        {
            case null:
                return [];
            case YamlMappingNode mapping:
                var sections = new List<(string, Section)>();
                foreach (var (name, body) in mapping.Children)
                {
                    var text = ((YamlScalarNode)name).Value ?? "";
                    if (body is YamlMappingNode fields) sections.Add((text, new Section($"{key}.{text}", fields, errors)));
                    else errors.Add(errors.LineOf(body), $"{key}.{text}", "a section must be a mapping of fields, not a single value");
                }

                return sections;
            default:
                Error(key, $"'{key}' must be a mapping of names to fields");
                return [];
        }
    }

    /// <summary>Whether <paramref name="key"/> is there, with a value.</summary>
    public bool Has(string key) => Find(key) is not null;

    /// <summary>The name of something defined elsewhere in the file.</summary>
    public string? Reference(string key, string what, IReadOnlyCollection<string> known, bool required)
    {
        var name = this.Text(key);
        if (name is null && required) Error(key, $"'{key}' is missing: name a {what} ({Listed(known)})");
        if (name is not null && !known.Contains(name))
            Error(key, $"{key} '{name}' is no {what} of this file " +
                $"({(known.Count > MaxListed && NearestName.Of(name, known) is { } near ? $"did you mean '{near}'?" : Listed(known))})");
        return name;
    }

    /// <summary>Reports the engine's validation errors at the lines of the fields they are about.</summary>
    public void Errors(IEnumerable<(string Field, string Message)> engineErrors)
    {
        foreach (var (property, message) in engineErrors)
        {
            var field = property.Split('.')[0];
            Error(field, message.Contains(field, StringComparison.OrdinalIgnoreCase) ? message : $"{field}: {message}");
        }
    }

    /// <summary>Makes a validation error of <paramref name="key"/> if it is there.</summary>
    public void RefuseAny(string key, string message)
    {
        if (Find(key) is not null) Error(key, message);
    }

    /// <summary>Makes a validation error of each key that was never asked for, with the nearest known key as a suggestion.</summary>
    public void RefuseTheRest()
    {
        foreach (var key in node.Children.Keys)
        {
            var name = (key as YamlScalarNode)?.Value ?? "";
            if (_known.Contains(name)) continue;
            if (name == "<<")
            {
                errors.Add(errors.LineOf(key), title, "YAML's merge key '<<' is not read: write 'extends: NAME' to inherit from a " +
                    "section above, or put shared fields into 'defaults'");
                continue;
            }

            if (_known.Contains("resources") && ResourceReader.Fields.Contains(name))
            {
                errors.Add(errors.LineOf(key), title, $"unknown field '{name}': what a job asks of its machine stands below 'resources', " +
                    $"such as resources: {{ {name}: {ResourceReader.Example(name)} }}");
                continue;
            }

            var nearest = NearestName.Of(name, _known);
            var hint = nearest is not null ? $"did you mean '{nearest}'?" : $"known fields: {string.Join(", ", _known.Order())}";
            errors.Add(errors.LineOf(key), title, $"unknown field '{name}'; {hint}");
        }
    }

    private void Note(string key)
    {
        if (_known.Add(key)) errors.Asked(title, key);
    }

    /// <summary>What is written below <paramref name="key"/>; null when that is nothing.</summary>
    public YamlNode? Find(string key)
    {
        Note(key);
        return node.Children.TryGetValue(new YamlScalarNode(key), out var value) && !YamlJson.IsNull(value) ? value : null;
    }

    internal static string Listed(IReadOnlyCollection<string> known) =>
        known.Count == 0
        ? "there is none yet"
        : $"known: {string.Join(", ", known.Take(MaxListed))}{(known.Count > MaxListed ? $" and {known.Count - MaxListed} more" : "")}";
}
