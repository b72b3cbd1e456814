using Amnre.Engine.Detectors;

namespace Amnre.Engine.ReducedBases;

/// <summary>What the simulator of gravitational waves is set in.</summary>
internal sealed record WaveSetting
{
    /// <summary>Vectors of a reduced basis by default.</summary>
    public const int DefaultColumns = 128;

    /// <summary>More than any study needs: what files may ask memory for.</summary>
    public const int MaxColumns = 4096;

    /// <summary>Design curves, no measured event.</summary>
    public static WaveSetting Design { get; } = new() { Name = "GW", Observatory = Observatory.Design };

    /// <summary>What settings call the simulator.</summary>
    public required string Name { get; init; }

    public required Observatory Observatory { get; init; }

    /// <summary>Number of vectors in the reduced basis.</summary>
    public int Columns { get; init; } = DefaultColumns;

    /// <summary>The reduced basis; null for the standard one.</summary>
    public ReducedBasis? Basis { get; init; }

    /// <summary>Whitened strain of a measured event, one spectrum for each detector; null when there is none.</summary>
    public IReadOnlyList<Spectrum>? Event { get; init; }
}
