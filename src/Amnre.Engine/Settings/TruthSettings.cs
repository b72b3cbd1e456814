namespace Amnre.Engine.Settings;

/// <summary>Draws from the true posteriors of observations, by the simulator's likelihood.</summary>
public sealed record TruthSettings
{
    public required string Simulator { get; init; }

    /// <summary>First observation row.</summary>
    public required int First { get; init; }

    /// <summary>The row after the last.</summary>
    public required int Last { get; init; }

    /// <summary>The parameters of each set of draws; all sets hold parts of the same draws.</summary>
    public required IReadOnlyList<string> Masks { get; init; }

    /// <summary>Draws of each observation.</summary>
    public required int Draws { get; init; }

    /// <summary>Names the draws.</summary>
    public ulong Seed { get; init; }

    /// <summary>At most so many at once. The draws do not depend on it.</summary>
    public int Threads { get; init; } = 1;
}
