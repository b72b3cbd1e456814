using System.Globalization;
using Amnre.Engine.Masks;
using YamlDotNet.RepresentationModel;

namespace Amnre.Engine.Declarations;

/// <summary>Reads what manifests and experiment files declare alike: parameters with their priors, and the shape of an
/// observation.</summary>
internal static class DeclarationReader
{
    private const int MaxObservation = 1 << 24;

    /// <param name="entries">Below <c>parameters</c>, in their order.</param>
    /// <param name="error">Receives what is wrong, with the node that it is about; null for the whole.</param>
    public static IReadOnlyList<DeclaredParameter> Parameters(
        IReadOnlyList<(string Name, YamlNode Value)> entries, Action<YamlNode?, string> error)
    {
        var parameters = new List<DeclaredParameter>();
        foreach (var (label, node) in entries)
        {
            if (label.Length == 0)
            {
                error(node, "a parameter has no label: write a text, such as beta");
                continue;
            }

            try
            {
                parameters.Add(Parameter(label, node));
            }
            catch (InputException wrong)
            {
                error(node, wrong.Message.StartsWith("parameter '", StringComparison.Ordinal)
                    ? wrong.Message : $"parameter '{label}': {wrong.Message}");
            }
        }

        CheckTogether(parameters, entries, error);
        if (entries.Count is < 1 or > ParameterMask.MaxSize)
            error(null, $"'parameters' has {entries.Count} entries: write from 1 to {ParameterMask.MaxSize}, such as θ₁: " +
                $"{{ uniform: [-1, 1] }}");
        return parameters;
    }

    /// <exception cref="InputException">It is not a prior.</exception>
    private static DeclaredParameter Parameter(string label, YamlNode node)
    {
        if (node is not YamlMappingNode { Children: [var (key, value)] } || key is not YamlScalarNode { Value: { } name })
            throw new InputException($"parameter '{label}' needs a prior, such as {{ uniform: [low, high] }}, " +
                "{ normal: [mean, deviation] } or { log_uniform: [low, high] }");
        var kind = PriorKind.Of(name);
        var values = Values(kind, value)
            ?? throw new InputException($"parameter '{label}' needs finite numbers in its prior: {{ {kind.Name}: {kind.Example} }}");
        kind.Make?.Invoke(values);
        return new DeclaredParameter(label, kind, values);
    }

    private static List<double>? Values(PriorKind kind, YamlNode node)
    {
        if (kind.Form == PriorForm.Numbers)
        {
            var numbers = node is YamlScalarNode && kind.Count == 1 ? Numbers([node]) : Numbers(Items(node));
            return numbers?.Count == kind.Count ? numbers : null;
        }

        var items = Items(node);
        if (kind.Form == PriorForm.Points)
        {
            var points = items.Select(point => Numbers(Items(point))).ToList();
            return points.Count > 0 && points.TrueForAll(point => point?.Count == 2) ? [.. points.SelectMany(point => point!)] : null;
        }

        return items is [YamlScalarNode, YamlSequenceNode { Children.Count: > 0 } row] && Numbers([items[0], .. row.Children]) is { } all
            ? all : null;
    }

    private static IList<YamlNode> Items(YamlNode node) => node is YamlSequenceNode list ? list.Children : [];

    /// <summary>Null where one is no finite number.</summary>
    private static List<double>? Numbers(IList<YamlNode> nodes)
    {
        var numbers = nodes.Select(node => node is YamlScalarNode scalar ? Number(scalar.Value) : null).ToList();
        return numbers.Contains(null) ? null : [.. numbers.Select(number => number!.Value)];
    }

    /// <summary>Parameters that are normal together must have a covariance.</summary>
    private static void CheckTogether(
        List<DeclaredParameter> parameters, IReadOnlyList<(string Name, YamlNode Value)> entries, Action<YamlNode?, string> error)
    {
        if (parameters.Count != entries.Count || parameters.TrueForAll(one => one.Kind.Make is not null)) return;
        try
        {
            DeclaredParameter.Prior(parameters);
        }
        catch (InputException wrong)
        {
            error(entries[parameters.FindIndex(one => one.Kind.Make is null)].Value, wrong.Message);
        }
    }

    /// <param name="texts">The lengths as written.</param>
    /// <param name="error">Receives what is wrong.</param>
    public static IReadOnlyList<int> Shape(IReadOnlyList<string> texts, Action<string> error)
    {
        var lengths = new List<int>();
        var product = 1L;
        foreach (var text in texts)
        {
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length >= 1
                && (product *= length) <= MaxObservation)
                lengths.Add(length);
            else product = MaxObservation + 1L;
        }

        if (lengths.Count is < 1 or > 8 || product > MaxObservation)
            error("'observation' must be the shape of one observation, up to eight lengths of together at most " +
                $"{MaxObservation} values, such as [2] or [100, 3]");
        return lengths;
    }

    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;
}
