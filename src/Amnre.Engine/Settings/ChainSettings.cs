namespace Amnre.Engine.Settings;

/// <summary>How a posterior is sampled.</summary>
internal sealed record ChainSettings
{
    /// <summary>Chains that run side by side; at least 4 and even, since each half proposes from the other.</summary>
    public required int Chains { get; init; }

    /// <summary>States of each chain, including those dropped.</summary>
    public required int Steps { get; init; }

    /// <summary>First states dropped.</summary>
    public required int Burn { get; init; }

    /// <summary>Deviation of the random walk's steps as a fraction of each parameter's range.</summary>
    public double Sigma { get; init; } = 0.02;

    /// <summary>Draws that the chains' starts are resampled from.</summary>
    public int Proposals { get; init; } = 1 << 16;

    public required ulong Seed { get; init; }

    /// <summary>States of all chains that are kept.</summary>
    internal long Kept => (long)(Steps - Burn) * Chains;
}
