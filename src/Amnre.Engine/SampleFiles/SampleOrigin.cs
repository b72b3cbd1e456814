using Amnre.Engine.Settings;

namespace Amnre.Engine.SampleFiles;

/// <summary>Where the rows of a samples file come from: its attributes. They hold no time and no host, so that the file's bytes
/// follow from its settings alone.</summary>
public sealed record SampleOrigin
{
    /// <summary>Raised when the same settings would give another file.</summary>
    internal const int CurrentVersion = 1;

    public required string Simulator { get; init; }

    /// <summary>Of a reduced basis that was given beside the simulator's name; null where there was none, or an earlier version did not
    /// say.</summary>
    public string? BasisDigest { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>First row of (simulator, seed) that was drawn.</summary>
    public required long FirstRow { get; init; }

    /// <summary>One past the last row that was drawn; more than FirstRow + rows where rows were dropped.</summary>
    public required long EndRow { get; init; }

    /// <summary>Rows have places in (simulator, <see cref="Seed"/>); of all others, row numbers count within the file.</summary>
    public SampleContent Content { get; init; }

    public NonFinitePolicy OnNonFinite { get; init; }

    /// <summary>Rows with a value that is not finite: dropped or kept.</summary>
    public long NonFiniteRows { get; init; }

    /// <summary>SHA-256 of theta as stored: float32, little-endian, row after row; empty when the file says none.</summary>
    public ReadOnlyMemory<byte> ThetaDigest { get; init; }

    /// <summary>SHA-256 of x, as <see cref="ThetaDigest"/>.</summary>
    public ReadOnlyMemory<byte> XDigest { get; init; }

    public int Version { get; init; } = CurrentVersion;
}
