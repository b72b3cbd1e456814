using System.CommandLine;
using System.CommandLine.Completions;
using Amnre.Engine.Catalog;

namespace Amnre.Cli.Inference;

/// <summary>What <c>amnre truth</c> takes.</summary>
internal sealed class TruthOptions
{
    public const int DefaultDraws = 10_000;

    public Argument<string> Simulator { get; } = new("simulator")
    {
        Description = "A simulator with a likelihood: SLCP, MLCP, one of sbibm-…, or one of yours in C#",
        HelpName = "simulator",
        CompletionSources = { _ => SimulatorCatalog.Names.Select(name => new CompletionItem(name)) },
    };

    public Argument<string> Samples { get; } = new("samples") { Description = "Observations, .h5 as sample writes them" };

    public Option<int[]> Indices { get; } = new("--indices")
    {
        Description = "Rows of the observations: the first, and the one after the last [default: all]",
        Arity = new ArgumentArity(2, 2),
    };

    public Option<int> Draws { get; } = new("--draws")
    {
        Description = "Draws of each posterior",
        DefaultValueFactory = _ => DefaultDraws,
    };

    public Option<string[]> Masks { get; } = new("--masks")
    {
        Description = "Sets of parameters to write, such as 11000, or =1 for each alone: parts of the same draws [default: all parameters]",
        Arity = ArgumentArity.OneOrMore,
    };

    public Option<string> Output { get; } = new("--output", "-o")
    {
        Description = "File of the draws, .h5 or .csv; OUT_quality.csv beside it says how right they are",
        DefaultValueFactory = _ => "truth.h5",
    };

    public Option<ulong> Seed { get; } = new("--seed")
    {
        Description = "Names the draws: the same seed gives the same files",
        DefaultValueFactory = _ => 0,
    };

    public Option<int> Threads { get; } = new("--threads")
    {
        Description = "Threads, 0 for all processors; the draws do not depend on it",
        DefaultValueFactory = _ => 0,
    };

    public IReadOnlyList<Option> All => [Indices, Draws, Masks, Output, Seed, Threads];
}
