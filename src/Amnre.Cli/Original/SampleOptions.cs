using System.CommandLine;
using System.CommandLine.Completions;
using Amnre.Cli.Spelling;
using Amnre.Engine.Catalog;
using Amnre.Engine.Datasets;

namespace Amnre.Cli.Original;

/// <summary>The options of <c>amnre sample</c>: those of the original's sample.py, with its defaults, and ours after them.</summary>
internal sealed class SampleOptions
{
    public FieldOptions<DrawSettings> Fields { get; } =
        new(DrawSettings.Fields, DrawSettings.Fields.Defaults, ("seed", "drawn, printed and recorded"));

    public Option<string> Simulator { get; } = new("--simulator")
    {
        Description = $"Simulator: {string.Join(", ", SimulatorCatalog.Names)}",
        DefaultValueFactory = _ => "SLCP",
        HelpName = "simulator",
        CompletionSources = { _ => SimulatorCatalog.Names.Select(name => new CompletionItem(name)) },
    };

    public Option<bool> Live { get; } = new("--live")
    {
        Description = "Draw signals without their noise, which training adds; for simulators that can (gravitational waves)",
    };

    public Option<bool> Events { get; } = new("--events") { Description = "Write only the simulator's reference events" };

    public Option<string> Output { get; } = new("--output", "-o")
    {
        Description = "File to write; its folder is made, and an older file replaced",
        DefaultValueFactory = _ => "products/samples/out.h5",
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

    public Option<bool> Json { get; } = new OwnOption<bool>("--json")
    {
        Description = "End with one line of JSON on standard output instead of text",
    };

    public IReadOnlyList<Option> All => [Simulator, Live, .. Fields.Original, Events, Output, .. Fields.Own, Basis, Device, Json];
}
