using System.Text.Json.Serialization;
using Amnre.Engine.Fields;
using static Amnre.Engine.Fields.ValueRange;

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
    public ComputeDevice? Device { get; init; }

    /// <summary>Its settings; a dataset's, but for the rows.</summary>
    public static FieldTable<SampleSettings> Fields { get; } = new(
        new() { Simulator = "", Seed = 0, Start = 0, Rows = 0 }, FieldPlaces.None)
    {
        { "simulator", s => s.Simulator, (s, v) => s with { Simulator = v }, "The simulator" },
        { "seed", s => s.Seed, (s, v) => s with { Seed = v }, "Names the dataset" },
        { "start", s => s.Start, (s, v) => s with { Start = v }, "First row", new() { Range = AtLeast(0) } },
        { "rows", s => s.Rows, (s, v) => s with { Rows = v }, "Rows", new() { Range = AtLeast(1) } },
        {
            "on_nonfinite", s => s.OnNonFinite, (s, v) => s with { OnNonFinite = v }, "Rows with a value that is not finite",
            new() { Check = OfShards }
        },
        { "live", s => s.Live, (s, v) => s with { Live = v }, "Signals without the noise that training adds" },
        {
            "device", nameof(Device), s => s.Device ?? ComputeDevice.Cpu, (s, v) => s with { Device = v.IsCpu ? null : v },
            "Where to simulate", new() { Form = ComputeDevice.Form, Check = ComputeDevice.Error }
        },
    };

    /// <summary>What is wrong with a policy of shards, which must have their rows.</summary>
    internal static string? OfShards(NonFinitePolicy policy) => policy != NonFinitePolicy.Drop ? null :
        "rows cannot be dropped from shards, which must have theirs: write error or keep, or draw the dataset in one piece with 'amnre " +
            "sample'";
}

/// <summary>A whole dataset put together from its shards, in order. Output: <c>dataset.h5</c>.</summary>
public sealed record GatherSettings
{
    public required string Simulator { get; init; }

    public required ulong Seed { get; init; }

    public required long Rows { get; init; }

    /// <summary>HDF5 chunk rows; clipped to <see cref="Rows"/>.</summary>
    public int ChunkRows { get; init; } = DefaultChunkRows;

    /// <summary>Level of deflate, after a shuffle: 1 to 9, or 0 for none.</summary>
    public int Compress { get; init; }

    /// <summary>What the shards did with rows that are not finite.</summary>
    public NonFinitePolicy OnNonFinite { get; init; }

    /// <summary>Store mu and sigma of x: of a reference where one is given, else estimated from rows 0 to <see cref="Dump"/> − 1.</summary>
    public bool Moments { get; init; }

    /// <summary>Chunk rows of the original.</summary>
    public const int DefaultChunkRows = 1 << 16;

    /// <summary>Rows that the original estimates moments from.</summary>
    public const int DefaultDump = 1 << 16;

    /// <summary>Rows to estimate the moments from.</summary>
    public int Dump { get; init; } = DefaultDump;

    /// <summary>The simulator's reference events instead of rows: no shards, and <see cref="Rows"/> is their number.</summary>
    public bool Events { get; init; }

    /// <summary>Digest of the file of events that is meant, of simulators that have them in a file; null for all others.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? EventsDigest { get; init; }

    /// <inheritdoc cref="SampleSettings.Live"/>
    public bool Live { get; init; }

    /// <summary>Where the shards were drawn, as <see cref="SampleSettings.Device"/>; they are put together on the processor.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ComputeDevice? Device { get; init; }

    /// <summary>Its settings.</summary>
    public static FieldTable<GatherSettings> Fields { get; } = new(
        new() { Simulator = "", Seed = 0, Rows = 0 }, FieldPlaces.ExperimentFile)
    {
        { "simulator", s => s.Simulator, (s, v) => s with { Simulator = v }, "The simulator", new() { Places = FieldPlaces.None } },
        { "rows", s => s.Rows, (s, v) => s with { Rows = v }, "Rows to draw", new() { Range = AtLeast(1), DefaultText = "required" } },
        {
            "seed", s => s.Seed, (s, v) => s with { Seed = v },
            "Names the dataset: row i is a function of (simulator, seed, i) alone"
        },
        {
            "moments", s => s.Moments, (s, v) => s with { Moments = v },
            "Store `mu` and `sigma` of x, by which training and evaluation standardise it. HH needs them"
        },
        {
            "dump", s => s.Dump, (s, v) => s with { Dump = v }, "Rows to estimate the moments from: rows 0 to N − 1 of the seed",
            new() { Range = AtLeast(2) }
        },
        {
            "live", s => s.Live, (s, v) => s with { Live = v },
            "Signals without the noise that training adds, for simulators that define it"
        },
        {
            "events", s => s.Events, (s, v) => s with { Events = v },
            "The simulator's reference observations instead of rows; without `rows` and `shards`"
        },
        {
            "events_digest", s => s.EventsDigest, (s, v) => s with { EventsDigest = v }, "Of the file of events that is meant",
            new() { Places = FieldPlaces.None }
        },
        {
            "chunk_size", s => s.ChunkRows, (s, v) => s with { ChunkRows = v }, "Rows in an HDF5 chunk; clipped to `rows`",
            new() { Range = AtLeast(1) }
        },
        {
            "compress", s => s.Compress, (s, v) => s with { Compress = v },
            "Deflate level after a shuffle: 1 (fast) to 9 (small), or 0 for none", new() { Range = Within(0, 9) }
        },
        {
            "on_nonfinite", s => s.OnNonFinite, (s, v) => s with { OnNonFinite = v },
            "Rows with a value that is not finite: `error` fails the job and names their parameters, `keep` stores them",
            new() { Check = SampleSettings.OfShards }
        },
        {
            "device", nameof(Device), s => s.Device ?? ComputeDevice.Cpu, (s, v) => s with { Device = v.IsCpu ? null : v },
            "`cuda` or `cuda:N`: simulate on a GPU, for [gravitational waves](gravitational-waves.md#on-a-gpu), with " +
                "`resources: { gpus: 1 }`. Decides results: rows equal the processor's to rounding",
            new() { Form = ComputeDevice.Form, Check = ComputeDevice.Error }
        },
    };
}
