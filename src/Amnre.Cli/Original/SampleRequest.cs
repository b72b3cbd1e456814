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
/// <param name="SeedWasDrawn">The user named no seed.</param>
/// <param name="Json">End with a line of JSON.</param>
/// <param name="Notes">Options that say nothing here, each with its reason.</param>
internal sealed record SampleRequest(
    string Simulator, bool Live, DrawSettings Draw, bool Events, string Output, string? Basis, ComputeDevice Device, bool SeedWasDrawn,
    bool Json, IReadOnlyList<string> Notes)
{
    /// <param name="options">The verb's options.</param>
    /// <param name="parsed">Their values.</param>
    /// <param name="drawSeed">Makes a seed when none is given.</param>
    /// <exception cref="InputException">An option's value is out of range.</exception>
    public static SampleRequest Of(SampleOptions options, ParseResult parsed, Func<ulong> drawSeed)
    {
        var given = options.Fields.Given(parsed);
        var draw = options.Fields.Read(given);
        var seedWasDrawn = !given.ContainsKey("seed");
        if (seedWasDrawn) draw = draw with { Seed = drawSeed() };
        var notes = new List<string>();
        if (draw is { Reference: not null, Moments: false })
        {
            notes.Add("--reference says nothing without --moments: no mu and sigma are written");
            draw = draw with { Reference = null };
        }

        var device = new ComputeDevice(parsed.GetRequiredValue(options.Device));
        if (!device.IsCpu && parsed.GetValue(options.Events))
            notes.Add("--device says nothing with --events: those are simulated on the processor");
        return new SampleRequest(
            parsed.GetRequiredValue(options.Simulator), parsed.GetValue(options.Live), draw, parsed.GetValue(options.Events),
            parsed.GetRequiredValue(options.Output), parsed.GetValue(options.Basis), device, seedWasDrawn,
            parsed.GetValue(options.Json), notes);
    }
}
