using Amnre.Engine.Simulators;

namespace Amnre.Engine.SampleFiles;

/// <summary>How a samples file is laid out.</summary>
/// <param name="Rows">Rows in all, at least 1.</param>
/// <param name="ThetaSize">Number of parameters D; 0 for observations alone.</param>
/// <param name="ObservationShape">Shape of one observation.</param>
/// <param name="ChunkRows">Rows in an HDF5 chunk; clipped to <paramref name="Rows"/>.</param>
internal sealed record SampleLayout(long Rows, int ThetaSize, IReadOnlyList<int> ObservationShape, int ChunkRows)
{
    /// <summary>Level of deflate, after a shuffle: 1 to 9, or 0 for none.</summary>
    public int Compression { get; init; }

    /// <summary>Whether the file has <c>mu</c> and <c>sigma</c>.</summary>
    public bool Moments { get; init; }

    /// <summary>Names of the columns of theta, which the file then carries; null for none.</summary>
    public IReadOnlyList<string>? Names { get; init; }

    /// <summary>The names that a simulator's datasets carry: the user's. What built-in ones call their parameters is known, and their
    /// files stay those of the original program.</summary>
    public static IReadOnlyList<string>? NamesOf(ISimulator simulator) =>
        SimulatorReference.IsOwn(simulator.Name) ? simulator.Labels : null;

    public int ObservationSize => ObservationShape.Aggregate(1, (a, b) => checked(a * b));

    /// <summary>Bytes of the rows as stored; 0 when compression leaves that open.</summary>
    public long RowBytes => Compression > 0
        ? 0
        : checked(Chunks * Math.Min(ChunkRows, Rows) * (ThetaSize + ObservationSize) * sizeof(float));

    private long Chunks => (Rows + ChunkRows - 1) / ChunkRows;
}
