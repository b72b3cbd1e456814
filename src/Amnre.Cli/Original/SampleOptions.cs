using System.CommandLine;
using System.CommandLine.Completions;
using Amnre.Cli.Spelling;
using Amnre.Engine.Catalog;
using Amnre.Engine.Settings;

namespace Amnre.Cli.Original;

/// <summary>The options of <c>amnre sample</c>: those of the original's sample.py, with its defaults, and ours after them.</summary>
internal sealed class SampleOptions
{
    public Option<string> Simulator { get; } = new("--simulator")
    {
        Description = $"Simulator: {string.Join(", ", SimulatorCatalog.Names)}",
        DefaultValueFactory = _ => "SLCP",
        CompletionSources = { _ => SimulatorCatalog.Names.Select(name => new CompletionItem(name)) },
    };

    public Option<bool> Live { get; } = new("--live")
    {
        Description = "Draw signals without their noise, which training adds; for simulators that can (gravitational waves)",
    };

    public Option<ulong?> Seed { get; } = new("--seed")
    {
        Description = "Names the dataset: row i is a function of (simulator, seed, i) alone [default: drawn, printed and recorded]",
    };

    public Option<long> Samples { get; } = new("--samples") { Description = "Rows to write", DefaultValueFactory = _ => 1 << 20 };

    public Option<int> ChunkSize { get; } = new("--chunk-size")
    {
        Description = "Rows in an HDF5 chunk; clipped to --samples",
        DefaultValueFactory = _ => 1 << 16,
    };

    public Option<int> BatchSize { get; } = new("--batch-size")
    {
        Description = "Most rows that one processor draws at a time; changes no bytes",
        DefaultValueFactory = _ => 1 << 12,
    };

    public Option<string?> Reference { get; } = new("--reference")
    {
        Description = "With --moments: copy mu and sigma from this file instead of estimating them",
    };

    public Option<bool> Events { get; } = new("--events") { Description = "Write only the simulator's reference events" };

    public Option<bool> Moments { get; } = new("--moments")
    {
        Description = "Write mu and sigma of x, by which training and evaluation standardise it",
    };

    public Option<int> Dump { get; } = new("--dump")
    {
        Description = "Rows to estimate the moments from: rows 0 to N-1 of the seed",
        DefaultValueFactory = _ => GatherSettings.DefaultDump,
    };

    public Option<string> Output { get; } = new("--output", "-o")
    {
        Description = "File to write; its folder is made, and an older file replaced",
        DefaultValueFactory = _ => "products/samples/out.h5",
    };

    public Option<long> FirstRow { get; } = new OwnOption<long>("--first-row")
    {
        Description = "First row of the seed to draw: makes a shard, or what a dataset lacks",
        DefaultValueFactory = _ => 0,
    };

    public Option<string> OnNonFinite { get; } = new OwnOption<string>("--on-nonfinite")
    {
        Description = "Rows with a value that is not finite: error names them and writes nothing; keep stores them; drop takes the next " +
            "rows instead, "
            + "which biases ratio estimators where simulations fail",
        DefaultValueFactory = _ => "error",
    };

    public Option<string?> Basis { get; } = new OwnOption<string?>("--basis")
    {
        Description = "Reduced basis to write gravitational waves in: a file of 'amnre gw basis', or a .npy file of V",
    };

    public Option<string> Device { get; } = new OwnOption<string>("--device")
    {
        Description = "Where to simulate: cpu, cuda or cuda:N; on a GPU gravitational waves, equal to rounding",
        DefaultValueFactory = _ => "cpu",
    };

    public Option<int> Compress { get; } = new OwnOption<int>("--compress")
    {
        Description = "Deflate level after a shuffle: 1 (fast) to 9 (small), or 0 for none",
        DefaultValueFactory = _ => 0,
    };

    public Option<int> Threads { get; } = new OwnOption<int>("--threads")
    {
        Description = "Most processors to draw on, 0 for all; changes no bytes",
        DefaultValueFactory = _ => 0,
    };

    public Option<bool> Json { get; } = new OwnOption<bool>("--json")
    {
        Description = "End with one line of JSON on standard output instead of text",
    };

    public IReadOnlyList<Option> All =>
    [
        Simulator, Live, Seed, Samples, ChunkSize, BatchSize, Reference, Events, Moments, Dump, Output,
        FirstRow, OnNonFinite, Basis, Device, Compress, Threads, Json,
    ];
}
