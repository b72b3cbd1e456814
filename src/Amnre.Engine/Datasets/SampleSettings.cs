namespace Amnre.Engine.Datasets;

/// <summary>One shard of a dataset: rows [Start, Start + Rows) of (Simulator, Seed). Output: <c>shard.h5</c>.</summary>
public sealed record SampleSettings
{
    public required string Simulator { get; init; }

    public required ulong Seed { get; init; }

    public required long Start { get; init; }

    public required long Rows { get; init; }
}

/// <summary>A whole dataset put together from its shards, in order. Output: <c>dataset.h5</c>.</summary>
public sealed record GatherSettings
{
    public required string Simulator { get; init; }

    public required ulong Seed { get; init; }

    public required long Rows { get; init; }

    /// <summary>HDF5 chunk rows; clipped to <see cref="Rows"/>.</summary>
    public int ChunkRows { get; init; } = 1 << 16;
}
