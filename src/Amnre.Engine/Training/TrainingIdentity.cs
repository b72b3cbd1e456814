using System.Text.Json;
using System.Text.Json.Nodes;
using Amnre.Engine.Settings;

namespace Amnre.Engine.Training;

/// <summary>What a checkpoint is of: settings, number of batches, and the content of the files that were read.</summary>
internal sealed record TrainingIdentity(JsonObject Settings, int Steps, int ValidationSteps, InputDigests Inputs)
{
    public static TrainingIdentity Of(TrainingSession session) =>
        // Where a training pauses changes nothing of what it does until then.
        new(
            (JsonObject)JsonSerializer.SerializeToNode(session.Settings with { StopAfter = null })!,
            session.Steps, session.ValidationSteps, session.Inputs);

    public string Text() => JsonSerializer.Serialize(this);

    /// <summary>What differs from that of a checkpoint, for a sentence; null when nothing does.</summary>
    /// <param name="text">The checkpoint's; null where it has none.</param>
    public string? Difference(string? text)
    {
        if (text == Text()) return null;
        if (Parse(text) is not { } other) return "it does not say of which inputs it is, as those of other versions";
        List<string> changes = [.. other.Inputs.Differences(Inputs).Select(name => $"the content of '{name}'")];
        changes.AddRange(Settings.Select(setting => setting.Key).Where(key => !JsonNode.DeepEquals(Settings[key], other.Settings[key]))
            .Select(key => $"'{TrainSettings.Fields.NameOf(key)}' ({Short(other.Settings[key])} before, now {Short(Settings[key])})"));
        // The same in another order.
        if (changes.Count == 0 && (Steps, ValidationSteps) == (other.Steps, other.ValidationSteps)) return null;
        if (changes.Count == 0)
            changes.Add($"the number of batches ({other.Steps} and {other.ValidationSteps} before, now {Steps} and {ValidationSteps})");
        return $"{string.Join(", ", changes)} changed";
    }

    private static TrainingIdentity? Parse(string? text)
    {
        try
        {
            return text is null ? null : JsonSerializer.Deserialize<TrainingIdentity>(text) is { Settings: not null, Inputs: not null } read
                ? read : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Short(JsonNode? value) => value?.ToJsonString() is { } text ? text.Length > 60 ? $"{text[..60]}…" : text : "none";
}
