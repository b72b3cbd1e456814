using System.Text.Encodings.Web;
using System.Text.Json;

namespace Amnre.Engine.Searches;

/// <summary>A decision as a file, <c>decision.json</c>. Its only reader and writer.</summary>
public static class DecisionFile
{
    public const string Name = "decision.json";

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    };

    public static void Write(string path, RungDecision decision) =>
        AtomicFile.WriteText(path, JsonSerializer.Serialize(decision, Options) + "\n");

    /// <exception cref="InputException">It is no decision.</exception>
    public static RungDecision Read(string path)
    {
        try
        {
            return Parse(PlainFile.Text(path));
        }
        catch (FormatException wrong)
        {
            throw new InputException($"'{path}' is no decision of a search ({wrong.Message}): run the job again that made it", wrong);
        }
    }

    /// <exception cref="FormatException">It is no decision.</exception>
    public static RungDecision Parse(string text)
    {
        try
        {
            // Deserialised records may contain nulls despite non-nullable members.
            return JsonSerializer.Deserialize<RungDecision>(text, Options) is { Metric: not null, Candidates: { } all } read
                && all.All(one => one is { Name: not null, Reason: not null })
                && all.DistinctBy(one => one.Name).Count() == all.Count
                ? read : throw new JsonException("it lacks its metric or candidates, or names one twice");
        }
        catch (JsonException wrong)
        {
            throw new FormatException(wrong.Message, wrong);
        }
    }
}
