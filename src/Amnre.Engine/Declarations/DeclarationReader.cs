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
    /// <param name="fault">Receives what is wrong, with the node that it is about; null for the whole.</param>
    public static IReadOnlyList<DeclaredParameter> Parameters(
        IReadOnlyList<(string Name, YamlNode Value)> entries, Action<YamlNode?, string> fault)
    {
        var parameters = new List<DeclaredParameter>();
        foreach (var (label, node) in entries)
        {
            if (label.Length == 0)
            {
                fault(node, "a parameter has no label: write a text, such as beta");
                continue;
            }

            if (node is not YamlMappingNode { Children: [var (key, value)] } || key is not YamlScalarNode { Value: { } kind }
                || value is not YamlSequenceNode { Children: [YamlScalarNode first, YamlScalarNode second] }
                || Number(first.Value) is not { } a || Number(second.Value) is not { } b)
            {
                fault(node, $"parameter '{label}' needs a prior: {{ uniform: [low, high] }}, {{ normal: [mean, deviation] }} or " +
                    $"{{ log_uniform: [low, high] }}");
                continue;
            }

            var parameter = new DeclaredParameter(label, kind, (float)a, (float)b);
            try
            {
                parameter.Prior();
                parameters.Add(parameter);
            }
            catch (InputException wrong)
            {
                fault(node, $"parameter '{label}': {wrong.Message}");
            }
        }

        if (entries.Count is < 1 or > ParameterMask.MaxSize)
            fault(null, $"'parameters' has {entries.Count} entries: write from 1 to {ParameterMask.MaxSize}, such as θ₁: " +
                $"{{ uniform: [-1, 1] }}");
        return parameters;
    }

    /// <param name="texts">The lengths as written.</param>
    /// <param name="fault">Receives what is wrong.</param>
    public static IReadOnlyList<int> Shape(IReadOnlyList<string> texts, Action<string> fault)
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
            fault("'observation' must be the shape of one observation, up to eight lengths of together at most " +
                $"{MaxObservation} values, such as [2] or [100, 3]");
        return lengths;
    }

    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;
}
