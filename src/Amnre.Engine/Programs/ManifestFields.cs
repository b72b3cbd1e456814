using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Amnre.Engine.Programs;

/// <summary>The top mapping of a manifest, read field by field. Whatever cannot be read becomes a validation error and a default.</summary>
internal sealed class ManifestFields
{
    private const int LongestText = 1 << 16;
    private const int DeepestNesting = 16;

    private readonly string _path;
    private readonly YamlMappingNode _root;
    private readonly HashSet<string> _known = [];
    private readonly SortedSet<(long Line, string Message)> _errors = [];

    private ManifestFields(string path, YamlMappingNode root) => (_path, _root) = (path, root);

    /// <exception cref="InputException">There is no such file, or it is not a YAML mapping.</exception>
    public static ManifestFields Load(string path)
    {
        try
        {
            var info = new FileInfo(path);
            if (!info.Exists) throw Broken(1, "there is no such file: give the path of a manifest, at which every worker sees it");
            if (info.Length > LongestText) throw Broken(1, $"the file has {info.Length} bytes; a manifest has at most {LongestText}");
            var text = PlainFile.Text(path);
            return BoundedYaml.Load(text, DeepestNesting).Documents is [{ RootNode: YamlMappingNode root }]
                ? new ManifestFields(path, root)
                : throw Broken(1, "a manifest is one mapping with name, parameters, observation, command and protocol");
        }
        catch (YamlException broken)
        {
            throw Broken(Math.Max(1, broken.Start.Line),
                $"this is not YAML: {broken.Message}; check indentation, colons and brackets near here");
        }
        catch (Exception broken) when (broken is InvalidOperationException or ArgumentException)
        {
            // What the parser throws for some unfinished texts, such as a bracket that nothing closes.
            throw Broken(1, "this is not YAML: look for a bracket or a quotation mark that nothing closes");
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"manifest '{path}' cannot be read: {broken.Message}", broken);
        }

        InputException Broken(long line, string message) => new($"{path}:{line}: {message}");
    }

    public void Error(string key, string message) => Error(Find(key) ?? _root, message);

    public void Error(YamlNode node, string message) => _errors.Add((node.Start.Line, message));

    public bool Has(string key) => _root.Children.ContainsKey(new YamlScalarNode(key));

    public string? Text(string key) => Scalar(key)?.Value;

    public string RequiredText(string key)
    {
        if (Text(key) is { Length: > 0 } text) return text;
        Error(key, $"'{key}' is missing: write '{key}: …'");
        return "";
    }

    public int Integer(string key, int otherwise, int least, int most)
    {
        if (Text(key) is not { } text) return otherwise;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
            return value;
        Error(key, $"{key} '{text}' must be a whole number from {least} to {most}");
        return otherwise;
    }

    public TimeSpan Seconds(string key, double otherwise)
    {
        const double Longest = 7 * 24 * 3600;
        if (Text(key) is not { } text) return TimeSpan.FromSeconds(otherwise);
        if (Number(text) is { } value && value is > 0 and <= Longest) return TimeSpan.FromSeconds(value);
        Error(key, $"{key} '{text}' must be a number of seconds, above 0 and at most {Longest}");
        return TimeSpan.FromSeconds(otherwise);
    }

    public bool Flag(string key, bool otherwise)
    {
        switch (Text(key))
        {
            case null: return otherwise;
            case "true": return true;
            case "false": return false;
            case var text:
                Error(key, $"{key} '{text}' is not true or false");
                return otherwise;
        }
    }

    /// <summary>A list of texts; none when the key is absent.</summary>
    public IReadOnlyList<string> Texts(string key)
    {
        switch (Find(key))
        {
            case null:
                return [];
            case YamlSequenceNode list when list.Children.All(item => item is YamlScalarNode { Value.Length: > 0 }):
                return [.. list.Children.Select(item => ((YamlScalarNode)item).Value!)];
            default:
                Error(key, $"'{key}' must be a list of texts, such as [a, b]");
                return [];
        }
    }

    /// <summary>The entries of a mapping, in order; none when the key is absent.</summary>
    public IReadOnlyList<(string Name, YamlNode Value)> Entries(string key)
    {
        switch (Find(key))
        {
            case null:
                return [];
            case YamlMappingNode mapping when mapping.Children.Keys.All(name => name is YamlScalarNode { Value.Length: > 0 }):
                return [.. mapping.Children.Select(child => (((YamlScalarNode)child.Key).Value!, child.Value))];
            default:
                Error(key, $"'{key}' must be a mapping of names to values");
                return [];
        }
    }

    /// <summary>Makes validation errors of the keys that were not asked for, then throws if there is any.</summary>
    /// <exception cref="InputException">All validation errors, each with its line.</exception>
    public void ThrowIfAny()
    {
        foreach (var key in _root.Children.Keys)
        {
            var name = (key as YamlScalarNode)?.Value ?? "";
            if (_known.Contains(name)) continue;
            var hint = NearestName.Of(name, _known) is { } nearest
                ? $"did you mean '{nearest}'?"
                : $"known fields: {string.Join(", ", _known.Order(StringComparer.Ordinal))}";
            Error(key, $"unknown field '{name}'; {hint}");
        }

        if (_errors.Count > 0)
            throw new InputException(string.Join(Environment.NewLine, _errors.Select(error => $"{_path}:{error.Line}: {error.Message}")));
    }

    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;

    private YamlScalarNode? Scalar(string key)
    {
        switch (Find(key))
        {
            case null:
                return null;
            case YamlScalarNode scalar:
                return scalar;
            default:
                Error(key, $"'{key}' must be a single value");
                return null;
        }
    }

    private YamlNode? Find(string key)
    {
        _known.Add(key);
        return _root.Children.TryGetValue(new YamlScalarNode(key), out var value) ? value : null;
    }
}
