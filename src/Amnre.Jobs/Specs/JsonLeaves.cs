using System.Text.Json;

namespace Amnre.Jobs.Specs;

/// <summary>A JSON document as names and values: <c>a.b[0]</c>.</summary>
public static class JsonLeaves
{
    public static IEnumerable<KeyValuePair<string, JsonElement>> Of(JsonElement element, string path = "") => element.ValueKind switch
    {
        JsonValueKind.Object =>
            element.EnumerateObject().SelectMany(member => Of(member.Value, path.Length == 0 ? member.Name : $"{path}.{member.Name}")),
        JsonValueKind.Array => element.EnumerateArray().SelectMany((item, index) => Of(item, $"{path}[{index}]")),
        _ => [KeyValuePair.Create(path, element.Clone())],
    };
}
