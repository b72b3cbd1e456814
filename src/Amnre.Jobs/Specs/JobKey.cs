using System.Text.Json.Nodes;
using Amnre.Engine.Simulators;

namespace Amnre.Jobs.Specs;

/// <summary>The canonical document that a job's fingerprint is the digest of: what decides its bytes, and nothing else.</summary>
/// <remarks>Names, friendly paths, resources and priorities are left out: changing them re-makes nothing.</remarks>
public static class JobKey
{
    /// <summary>Raised when the code of a kind changes the bytes that it makes from the same settings.</summary>
    private static int ResultsVersion(JobKind kind, JsonNode? settings) => kind switch
    {
        JobKind.Sample => 2,
        // Of own simulators, whose datasets carry the names of the parameters.
        JobKind.Gather => IsOfOwnSimulator(settings) ? 3 : 2,
        // Of own simulators, whose log-uniform parameters estimators see as logarithms; of flows, whose masks are in another order.
        JobKind.Train => IsOfOwnSimulator(settings) ? 4 : IsFlow(settings) ? 3 : 2,
        // Draws are compared with a reference by marginals of theirs too.
        JobKind.Evaluate => HasDraws(settings) ? 6 : 5,
        JobKind.Plot => 2,
        JobKind.Basis => 1,
        JobKind.Import => IsOfOwnSimulator(settings) ? 2 : 1,
        JobKind.Verdict => 2,
        JobKind.Require => 1,
        JobKind.Truth => 1,
        JobKind.Decide => 1,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such kind"),
    };

    /// <param name="kind">What the job does.</param>
    /// <param name="settings">Canonical JSON of the kind's settings record.</param>
    /// <param name="inputs">For each file read: its role, the producer's fingerprint and the output's name, in order.
    /// Without the shards of a gathered dataset, whose bytes follow from its settings, whatever the shards.</param>
    public static string Document(
        JobKind kind, string settings, IEnumerable<(string Role, Fingerprint Producer, string Output)> inputs) =>
        CanonicalJson.Write(new JsonObject
        {
            ["kind"] = CanonicalJson.Name(kind),
            ["version"] = ResultsVersion(kind, JsonNode.Parse(settings)),
            ["settings"] = Settings(kind, settings),
            ["inputs"] = new JsonArray([.. inputs.Select(input => new JsonObject
            {
                ["role"] = input.Role,
                ["producer"] = input.Producer.Text,
                ["output"] = input.Output,
            })]),
        });

    private static bool IsFlow(JsonNode? settings) => settings is JsonObject fields && fields["flow"]?.GetValue<bool>() == true;

    private static bool HasDraws(JsonNode? settings) => settings is JsonObject fields && fields["draws"]?.GetValue<int>() > 0;

    private static bool IsOfOwnSimulator(JsonNode? settings) =>
        settings is JsonObject fields && fields["simulator"]?.GetValue<string>() is { } simulator
        && SimulatorReference.IsOwn(simulator);

    /// <summary>A simulator program, a file of reference draws and imported files count by their content; where they lie and what they are
    /// called changes no bytes.</summary>
    private static JsonNode? Settings(JobKind kind, string settings)
    {
        var node = JsonNode.Parse(settings);
        if (node is not JsonObject fields) return node;
        foreach (var name in (string[])["simulator", "reference"])
            if (fields[name]?.GetValue<string>() is { } file) fields[name] = SimulatorReference.Identity(file);
        if (kind == JobKind.Import)
            foreach (var part in fields["parts"]?.AsArray() ?? [])
                foreach (var array in (string[])["x", "theta"])
                    (part?[array]?["file"] as JsonObject)?.Remove("name");
        return node;
    }
}
