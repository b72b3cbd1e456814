using System.Text.Json.Serialization;

namespace Amnre.Engine.Settings;

/// <summary>One shard of a dataset: rows [Start, Start + Rows) of (Simulator, Seed). Output: <c>shard.h5</c>.</summary>
public sealed record SampleSettings
{
    public required string Simulator { get; init; }

    public required ulong Seed { get; init; }

    public required long Start { get; init; }

    public required long Rows { get; init; }

    /// <summary><see cref="NonFinitePolicy.Error"/> or <see cref="NonFinitePolicy.Keep"/>: a shard must have its rows.</summary>
    public NonFinitePolicy OnNonFinite { get; init; }

    /// <summary>Signals without the noise that training adds, for simulators that define it.</summary>
    public bool Live { get; init; }

    /// <summary><c>cuda</c> or <c>cuda:N</c>, for simulators that simulate with tensors; null for the processor. Rows then equal the
    /// processor's to rounding, so it is part of what names the result; null is not written, so that what names others stays as it
    /// is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Device { get; init; }
}

/// <summary>A whole dataset put together from its shards, in order. Output: <c>dataset.h5</c>.</summary>
public sealed record GatherSettings
{
    public required string Simulator { get; init; }

    public required ulong Seed { get; init; }

    public required long Rows { get; init; }

    /// <summary>HDF5 chunk rows; clipped to <see cref="Rows"/>.</summary>
    public int ChunkRows { get; init; } = 1 << 16;

    /// <summary>Level of deflate, after a shuffle: 1 to 9, or 0 for none.</summary>
    public int Compress { get; init; }

    /// <summary>What the shards did with rows that are not finite.</summary>
    public NonFinitePolicy OnNonFinite { get; init; }

    /// <summary>Store mu and sigma of x: of a reference where one is given, else estimated from rows 0 to <see cref="Dump"/> − 1.</summary>
    public bool Moments { get; init; }

    /// <summary>Rows that the original estimates moments from.</summary>
    public const int DefaultDump = 1 << 16;

    /// <summary>Rows to estimate the moments from.</summary>
    public int Dump { get; init; } = DefaultDump;

    /// <summary>The simulator's reference events instead of rows: no shards, and <see cref="Rows"/> is their number.</summary>
    public bool Events { get; init; }

    /// <inheritdoc cref="SampleSettings.Live"/>
    public bool Live { get; init; }

    /// <summary>Where the shards were drawn, as <see cref="SampleSettings.Device"/>; they are put together on the processor.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Device { get; init; }
}
