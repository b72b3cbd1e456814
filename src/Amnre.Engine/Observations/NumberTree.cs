using System.Text.Json;
using System.Text.Json.Nodes;

namespace Amnre.Engine.Observations;

/// <summary>Arrays of numbers as JSON: nested lists.</summary>
internal static class NumberTree
{
    private const int MaxDepth = 8;

    /// <param name="tree">Null where it holds nothing.</param>
    /// <param name="missing">Whether null stands for a value that is missing.</param>
    /// <exception cref="InputException">Lists of different lengths side by side, or something else than numbers in them.</exception>
    public static NumericArray Read(JsonNode? tree, bool missing = false)
    {
        var shape = new List<long>();
        for (var node = tree; node is JsonArray list; node = list.Count > 0 ? list[0] : null)
        {
            shape.Add(list.Count);
            if (shape.Count > MaxDepth) throw new InputException($"its lists are nested more than {MaxDepth} deep");
        }

        var values = new List<float>(NumericArray.Count(shape));
        Take(tree, 0);
        return new NumericArray(shape, [.. values]);

        void Take(JsonNode? node, int depth)
        {
            if (depth < shape.Count)
            {
                if (node is not JsonArray list || list.Count != shape[depth])
                    throw new InputException($"its lists are not all alike: where shape ({string.Join(", ", shape)}) wants " +
                        $"{shape[depth]} entries it has {Text(node)}");
                foreach (var entry in list) Take(entry, depth + 1);
                return;
            }

            if (missing && node is null && depth > 0)
            {
                values.Add(float.NaN);
                return;
            }

            if (node is not JsonValue value || value.GetValueKind() != JsonValueKind.Number || !value.TryGetValue<double>(out var number))
                throw new InputException($"{Text(node)} is not a number: write nested lists of numbers, such as [[0.1, 0.2], [0.3, 0.4]]");
            if (!NumericArray.Takes(number, missing)) throw NumericArray.Refusal(number, $"value {values.Count}");
            values.Add((float)number);
        }
    }

    private static string Text(JsonNode? node) => node?.ToJsonString() is { } text ? text.Length <= 40 ? text : $"{text[..40]}…" : "null";
}
