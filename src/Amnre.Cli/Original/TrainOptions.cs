using System.CommandLine;
using System.CommandLine.Completions;
using Amnre.Cli.Spelling;
using Amnre.Engine.Catalog;
using Amnre.Engine.Settings;

namespace Amnre.Cli.Original;

/// <summary>The options of <c>amnre train</c>: those of the original's train.py, with its defaults, and ours after them.</summary>
internal sealed class TrainOptions
{
    /// <summary>All processors are used unless the threads are named.</summary>
    public FieldOptions<TrainSettings> Fields { get; } = new(
        TrainSettings.Fields, TrainSettings.Fields.Defaults with { Threads = 0 },
        ("seed", "drawn, printed and recorded"), ("threads", "0, all"));

    public Option<string> Simulator { get; } = new("--simulator")
    {
        Description = $"Simulator: {string.Join(", ", SimulatorCatalog.Names)}, or a manifest",
        DefaultValueFactory = _ => "SLCP",
        HelpName = "simulator",
        CompletionSources = { _ => SimulatorCatalog.Names.Select(name => new CompletionItem(name)) },
    };

    public Option<string?> Samples { get; } = new("--samples")
    {
        Description = "Training samples: a file, a folder of shards or a pattern [default: simulate while training]",
    };

    public Option<string?> Weights { get; } = new("--weights") { Description = "Weights to start from" };

    public Option<string?> Adversary { get; } = new("--adversary") { Description = "Trained model whose ratios weigh the samples" };

    public Option<string?> Valid { get; } = new("--valid") { Description = "Validation samples" };

    public Option<string> Output { get; } = new("--output", "-o")
    {
        Description = "Weights to write, .pth; settings (.json) and statistics (.csv) come beside them",
        DefaultValueFactory = _ => "products/models/out.pth",
    };

    public Option<bool> Json { get; } = new OwnOption<bool>("--json")
    {
        Description = "End with one line of JSON on standard output instead of text",
    };

    public IReadOnlyList<Option> All =>
    [
        Simulator, Samples, Weights, Adversary, Valid, .. Fields.Original, Output, .. Fields.Own, Json,
    ];
}
