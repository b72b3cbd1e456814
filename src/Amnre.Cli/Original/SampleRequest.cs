using System.CommandLine;
using Amnre.Engine;
using Amnre.Engine.Datasets;
using Amnre.Engine.Settings;

namespace Amnre.Cli.Original;

/// <summary>What one <c>amnre sample</c> asks for, read from its command line.</summary>
/// <param name="Simulator">Name of the simulator.</param>
/// <param name="Live">Draw signals without their noise.</param>
/// <param name="Draw">What to draw; its rows are none of an event file.</param>
/// <param name="Events">Write the reference events instead of rows.</param>
/// <param name="Output">File to write.</param>
/// <param name="Basis">File of a reduced basis; null for the simulator's own.</param>
/// <param name="Device">Where to simulate rows.</param>
/// <param name="SeedWasDrawn">Nobody named the seed.</param>
/// <param name="Json">End with a line of JSON.</param>
/// <param name="Notes">Options that say nothing here, each with its reason.</param>
internal sealed record SampleRequest(
    string Simulator, bool Live, DrawSettings Draw, bool Events, string Output, string? Basis, string Device, bool SeedWasDrawn, bool Json,
    IReadOnlyList<string> Notes)
{
    /// <param name="options">The verb's options.</param>
    /// <param name="parsed">Their values.</param>
    /// <param name="drawSeed">Makes a seed when none is given.</param>
    /// <exception cref="InputException">An option's value is out of range.</exception>
    public static SampleRequest Of(SampleOptions options, ParseResult parsed, Func<ulong> drawSeed)
    {
        var (seed, moments, reference) = (parsed.GetValue(options.Seed), parsed.GetValue(options.Moments),
            parsed.GetValue(options.Reference));
        var simulator = parsed.GetRequiredValue(options.Simulator);
        var draw = new DrawSettings
        {
            Seed = seed ?? drawSeed(),
            FirstRow = parsed.GetValue(options.FirstRow),
            Rows = parsed.GetValue(options.Samples),
            ChunkRows = parsed.GetValue(options.ChunkSize),
            BatchRows = parsed.GetValue(options.BatchSize),
            Threads = parsed.GetValue(options.Threads),
            Compression = parsed.GetValue(options.Compress),
            OnNonFinite = Policy(parsed.GetRequiredValue(options.OnNonFinite)),
            MomentRows = moments ? parsed.GetValue(options.Dump) : null,
            Reference = moments ? reference : null,
        };
        var notes = new List<string>();
        if (reference is not null && !moments) notes.Add("--reference says nothing without --moments: no mu and sigma are written");
        var device = parsed.GetRequiredValue(options.Device);
        if (device != "cpu" && parsed.GetValue(options.Events))
            notes.Add("--device says nothing with --events: those are simulated on the processor");
        return new SampleRequest(
            simulator, parsed.GetValue(options.Live), draw, parsed.GetValue(options.Events), parsed.GetRequiredValue(options.Output),
            parsed.GetValue(options.Basis), device, seed is null, parsed.GetValue(options.Json), notes);
    }

    private static NonFinitePolicy Policy(string name) => name switch
    {
        "error" => NonFinitePolicy.Error,
        "drop" => NonFinitePolicy.Drop,
        "keep" => NonFinitePolicy.Keep,
        _ => throw new InputException($"--on-nonfinite '{name}' is not known: use error, drop or keep"),
    };
}
