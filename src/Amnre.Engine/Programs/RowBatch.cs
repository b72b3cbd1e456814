namespace Amnre.Engine.Programs;

/// <summary>Rows that a program is asked to simulate.</summary>
/// <param name="Id">Counts the batches of this process; an answer names the batch that it answers.</param>
/// <param name="Seed">Names the dataset.</param>
/// <param name="FirstRow">Index of the first row in the dataset.</param>
/// <param name="RowSeeds">One seed for each row, a function of (Seed, row) alone.</param>
/// <param name="Theta">(n, D), row-major.</param>
internal sealed record RowBatch(ulong Id, ulong Seed, long FirstRow, ulong[] RowSeeds, ReadOnlyMemory<float> Theta)
{
    /// <summary>The observation whose likelihood is asked for at each theta, where seeds mean nothing; empty where rows are
    /// simulated.</summary>
    public ReadOnlyMemory<float> Observed { get; init; }

    public bool AsksLikelihood => Observed.Length > 0;

    public int Rows => RowSeeds.Length;

    public int ThetaSize => Theta.Length / Rows;
}
