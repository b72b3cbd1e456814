using Amnre.Jobs.Specs;

namespace Amnre.Jobs.Artifacts;

/// <summary>A file that an attempt made, as the ledger remembers it.</summary>
/// <param name="Name">Name in the attempt's directory, with <c>/</c> between folders.</param>
/// <param name="Path">Relative to the store.</param>
/// <param name="Sha256">Lower-case hexadecimal.</param>
/// <param name="Measured">Holds wall-clock measurements, so its bytes differ from run to run.</param>
public sealed record ArtifactRecord(string Name, string Path, long Bytes, string Sha256, bool Measured)
{
    /// <summary>Of a decision's file: what it says of its branches. The ledger keeps it with the publication.</summary>
    public IReadOnlyList<DecidedBranch> Decided { get; init; } = [];
}
