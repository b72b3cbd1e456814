using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Attempts;
using Amnre.Testing;

namespace Amnre.Simulation.Tests.Worlds;

/// <summary>A file in the shared store. Its text is what its job made of its inputs' texts, so it shows what was read.</summary>
internal sealed record SimulatedFile(string Text, bool Complete, string WrittenBy);

/// <summary>The folder that all workers share.</summary>
internal sealed class SimulatedStore
{
    public Dictionary<string, SimulatedFile> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>Steps done, by checkpoint folder.</summary>
    public Dictionary<string, int> Checkpoints { get; } = new(StringComparer.Ordinal);

    public static string PathOf(JobTicket ticket) => $"{ticket.OutputDirectory}/out.txt";

    /// <summary>What a job makes of what it reads; also what it is expected to make.</summary>
    public static string TextOf(string fingerprint, IEnumerable<string> inputs)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in string.Concat(inputs.Prepend(fingerprint))) hash = (hash ^ c) * 1099511628211UL;
        return hash.ToString("x16");
    }

    public ArtifactRecord Record(JobTicket ticket) =>
        new("out.txt", PathOf(ticket), Files[PathOf(ticket)].Text.Length, Files[PathOf(ticket)].Text, Measured: false)
        {
            Decided = PlayedDecision.Of(ticket.Kind, ticket.Settings, ticket.Fingerprint),
        };
}
