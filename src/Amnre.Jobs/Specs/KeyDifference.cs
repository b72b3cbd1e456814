using System.Text.Json;
using Amnre.Jobs.Logs;

namespace Amnre.Jobs.Specs;

/// <summary>Says in a line which fields of a job's key changed since it was last submitted.</summary>
internal static class KeyDifference
{
    /// <param name="most">Fields named; of more only the number is said.</param>
    public static string? Describe(string before, string after, int most = 3)
    {
        var old = Fields(before);
        var now = Fields(after);
        var changed = old.Keys.Union(now.Keys).Order(StringComparer.Ordinal)
            .Where(field => old.GetValueOrDefault(field) != now.GetValueOrDefault(field))
            .Select(field => $"{field} {Short(field, old.GetValueOrDefault(field))} → {Short(field, now.GetValueOrDefault(field))}")
            .ToList();
        return changed.Count == 0 ? null
            : string.Join(", ", changed.Take(most)) + (changed.Count > most ? $" and {changed.Count - most} more" : "");
    }

    /// <summary>A setting may be a secret by its name or by what it holds.</summary>
    private static string Short(string field, string? value) => value is null ? "absent"
        : $"{field}={value}" is var whole && Redaction.Of(whole) != whole ? "***" : value.Length > 24 ? $"{value[..12]}…" : value;

    private static Dictionary<string, string> Fields(string json)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            using var document = JsonDocument.Parse(json);
            foreach (var (name, value) in JsonLeaves.Of(document.RootElement)) fields[name] = value.GetRawText();
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException) // Half a character, too.
        {
            fields[""] = json; // A key need not be JSON; then it changed as a whole.
        }

        return fields;
    }
}
