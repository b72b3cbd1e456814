using System.Text.Json;
using System.Text.Json.Nodes;

namespace Amnre.Engine.Networks;

/// <summary>Reads keywords one by one and reports what is wrong with each: type, range, and in the end unknown keywords.</summary>
internal sealed class KeywordReader(JsonObject keywords, string field, ICollection<(string Field, string Message)> errors)
{
    private readonly List<string> _known = [];

    /// <summary>As read from a text, where a number is a number: one of a program's own would be its type's alone, of an int no
    /// double.</summary>
    private readonly JsonObject _keywords = JsonNode.Parse(keywords.ToJsonString())!.AsObject();

    /// <summary>An integer from <paramref name="least"/>; required where <paramref name="standard"/> is null.</summary>
    public int Positive(string name, int? standard, int least = 1)
    {
        var node = Take(name);
        if (node is null)
        {
            if (standard is null) Report(name, $"'{name}' is missing: give an integer of at least {least}");
            return standard ?? least;
        }

        if (node is JsonValue value && value.TryGetValue<int>(out var number) && number >= least) return number;
        Report(name, $"'{name}' is {node.ToJsonString()}: give an integer of at least {least}");
        return standard ?? least;
    }

    /// <summary>An integer from <paramref name="least"/>; null where it is not given.</summary>
    public int? Optional(string name, int least) => _keywords[name] is null ? Absent(name) : Positive(name, least, least);

    /// <summary>A list of at least one integer, each from 1.</summary>
    public IReadOnlyList<int> Sizes(string name, IReadOnlyList<int> standard)
    {
        var node = Take(name);
        if (node is null) return standard;
        var sizes = (node as JsonArray)?.Select(item => item is JsonValue value && value.TryGetValue<int>(out var size) ? size : 0)
            .ToList();
        if (sizes is { Count: > 0 } && sizes.TrueForAll(size => size > 0)) return sizes;
        Report(name, $"'{name}' is {node.ToJsonString()}: give a list of integers of at least 1, such as [50, 50]");
        return standard;
    }

    /// <summary>A number in [0, 1).</summary>
    public double Fraction(string name, double standard)
    {
        var number = Number(name, standard);
        if (number is >= 0 and < 1) return number;
        Report(name, $"'{name}' is {number}: give a number from 0 to below 1");
        return standard;
    }

    /// <summary>A finite number.</summary>
    public double Number(string name, double standard)
    {
        var node = Take(name);
        if (node is null) return standard;
        if (node is JsonValue value && value.GetValueKind() == JsonValueKind.Number && node.GetValue<double>() is var number
            && double.IsFinite(number)) return number;
        Report(name, $"'{name}' is {node.ToJsonString()}: give a number");
        return standard;
    }

    public bool Flag(string name, bool standard)
    {
        var node = Take(name);
        if (node is null) return standard;
        if (node.GetValueKind() is JsonValueKind.True or JsonValueKind.False) return node.GetValue<bool>();
        Report(name, $"'{name}' is {node.ToJsonString()}: give true or false");
        return standard;
    }

    /// <summary>One of <paramref name="choices"/>; null stands for <paramref name="standard"/>.</summary>
    public string? Choice(string name, IReadOnlyList<string> choices, string? standard)
    {
        var node = Take(name);
        if (node is null) return standard;
        if (node is JsonValue value && value.TryGetValue<string>(out var text) && choices.Contains(text)) return text;
        Report(name, $"'{name}' is {node.ToJsonString()}: give one of {string.Join(", ", choices)}");
        return standard;
    }

    /// <summary>Reports every keyword that was not asked for.</summary>
    public void RejectOthers()
    {
        foreach (var (name, _) in _keywords)
            if (!_known.Contains(name))
                Report(name,
                    $"there is no keyword '{name}' here{(NearestName.Of(name, _known) is { } near ? $"; did you mean '{near}'?" : ".")} " +
                        $"Known are {string.Join(", ", _known)}");
    }

    private int? Absent(string name)
    {
        _known.Add(name);
        return null;
    }

    private JsonNode? Take(string name)
    {
        _known.Add(name);
        return _keywords[name];
    }

    /// <summary>Says what is wrong with a keyword.</summary>
    public void Report(string name, string message) => errors.Add(($"{field}.{name}", message));
}
