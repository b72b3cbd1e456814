using Amnre.Engine.Fields;
using Amnre.Engine.Rows;
using Amnre.Engine.Settings;
using static Amnre.Engine.Fields.ValueRange;

namespace Amnre.Engine.Datasets;

/// <summary>What to draw into one file.</summary>
public sealed record DrawSettings
{
    public required ulong Seed { get; init; }

    /// <summary>First row of (simulator, seed); more than 0 for a shard.</summary>
    public long FirstRow { get; init; }

    public required long Rows { get; init; }

    /// <summary>HDF5 chunk rows; clipped to <see cref="Rows"/>.</summary>
    public int ChunkRows { get; init; } = GatherSettings.DefaultChunkRows;

    /// <summary>Most rows that one processor draws at a time. Changes no bytes.</summary>
    public int BatchRows { get; init; } = RowSource.DefaultBatch;

    /// <summary>Most processors; 0 for all. Changes no bytes.</summary>
    public int Threads { get; init; }

    /// <summary>Level of deflate, after a shuffle: 1 to 9, or 0 for none.</summary>
    public int Compression { get; init; }

    public NonFinitePolicy OnNonFinite { get; init; }

    /// <summary>Store mu and sigma of x: of <see cref="Reference"/> where one is given, else estimated.</summary>
    public bool Moments { get; init; }

    /// <summary>Rows, from row 0 on, to estimate mu and sigma from.</summary>
    public int Dump { get; init; } = GatherSettings.DefaultDump;

    /// <summary>Null for a file without mu and sigma.</summary>
    public int? MomentRows => Moments ? Dump : null;

    /// <summary>Samples file to copy mu and sigma from, instead of estimating them.</summary>
    public string? Reference { get; init; }

    /// <summary>Its settings, with the names of the original's options.</summary>
    public static FieldTable<DrawSettings> Fields { get; } = new(new() { Seed = 0, Rows = 1 << 20 }, FieldPlaces.Command)
    {
        {
            "seed", s => s.Seed, (s, v) => s with { Seed = v },
            "Names the dataset: row i is a function of (simulator, seed, i) alone"
        },
        { "samples", s => s.Rows, (s, v) => s with { Rows = v }, "Rows to write", new() { Range = AtLeast(1) } },
        {
            "chunk_size", s => s.ChunkRows, (s, v) => s with { ChunkRows = v }, "Rows in an HDF5 chunk; clipped to the rows",
            new() { Range = AtLeast(1) }
        },
        {
            "batch_size", s => s.BatchRows, (s, v) => s with { BatchRows = v },
            "Most rows that one processor draws at a time. Unlike the original's, it changes no bytes", new() { Range = AtLeast(1) }
        },
        {
            "reference", s => s.Reference, (s, v) => s with { Reference = v },
            "With `-moments`: copy `mu` and `sigma` from this file instead of estimating them", new() { DefaultText = "none" }
        },
        {
            "moments", s => s.Moments, (s, v) => s with { Moments = v },
            "Write `mu` and `sigma` of x, by which training and evaluation standardise it"
        },
        {
            "dump", s => s.Dump, (s, v) => s with { Dump = v }, "Rows to estimate them from: rows 0 to N − 1 of the seed",
            new() { Range = AtLeast(2) }
        },
        {
            "first_row", s => s.FirstRow, (s, v) => s with { FirstRow = v },
            "First row of the seed to draw: makes a shard, or what a dataset lacks", new() { IsOwn = true, Range = AtLeast(0) }
        },
        {
            "on_nonfinite", s => s.OnNonFinite, (s, v) => s with { OnNonFinite = v },
            "Rows with a value that is not finite: `error` names them and writes nothing; `keep` stores them; `drop` takes the next rows " +
                "instead, which biases ratio estimators where simulations fail",
            new() { IsOwn = true }
        },
        {
            "compress", s => s.Compression, (s, v) => s with { Compression = v },
            "Deflate level after a shuffle: 1 (fast) to 9 (small), or 0 for none", new() { IsOwn = true, Range = Within(0, 9) }
        },
        {
            "threads", s => s.Threads, (s, v) => s with { Threads = v }, "Most processors to draw on, 0 for all; changes no bytes",
            new() { IsOwn = true, Range = AtLeast(0) }
        },
    };
}
