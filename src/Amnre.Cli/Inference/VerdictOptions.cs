using System.CommandLine;
using Amnre.Cli.Spelling;
using Amnre.Engine;
using Amnre.Engine.Settings;

namespace Amnre.Cli.Inference;

/// <summary>What <c>amnre verdict</c> takes.</summary>
internal sealed class VerdictOptions
{
    public Argument<string> Model { get; } = new("model")
    {
        Description = "Weights of a trained model, .pth, with its settings (.json) beside it",
    };

    public Argument<string> Data { get; } = new("data")
    {
        Description = "A dataset that the model was not trained on, .h5, with the true parameters",
    };

    public Option<string?> Observation { get; } = new("--observation")
    {
        Description = "One measured observation or several, as amnre infer takes them: their posteriors are judged too",
    };

    public Option<string?> Key { get; } = new("--key")
    {
        Description = "Which array, where the observations' file holds several [default: x, or the only one]",
    };

    public Option<string?> Reference { get; } = new("--reference")
    {
        Description = "Draws known to be right, .h5 as amnre eval --draws writes them: a classifier tells the model's from them (c2st)",
    };

    public Option<string[]> Ensemble { get; } = new("--ensemble")
    {
        Description = "Models that were trained alike, .pth: whether they agree at the observations",
        Arity = ArgumentArity.OneOrMore,
    };

    public Option<string?> Combine { get; } = new("--combine")
    {
        Description = $"{Combining.Help}, which is judged [default: the first is judged alone]",
    };

    public Option<string[]> Require { get; } = new("--require")
    {
        Description = $"Checks that must not fail, else the exit code is 3: {string.Join(", ", EnumName.All<VerdictCheck>())}",
        Arity = ArgumentArity.OneOrMore,
    };

    public RepeatedOption Threshold { get; } = new("--threshold")
    {
        Description = "CHECK=NUMBER where a check fails, other than by default; its warning keeps its proportion to it; may be repeated",
    };

    public Option<int> Rows { get; } = new("--rows")
    {
        Description = "Rows of the dataset to judge by: more see smaller defects",
        DefaultValueFactory = _ => VerdictRows.Default,
    };

    public Option<string?> Output { get; } = new("--output", "-o")
    {
        Description = "The report, .json [default: MODEL_verdict.json]",
    };

    public Option<string?> Simulator { get; } = new("--simulator")
    {
        Description = "The simulator, where its manifest has moved since the training [default: the one that the model names, at its " +
            "place of then or beside the model]",
    };

    public Option<ulong> Seed { get; } = new("--seed")
    {
        Description = "Names the draws: the same seed gives the same verdict",
        DefaultValueFactory = _ => 0,
    };

    public Option<string> Device { get; } = new("--device")
    {
        Description = "Where the network runs: cpu, cuda or cuda:N",
        DefaultValueFactory = _ => "cpu",
    };

    public Option<int> Threads { get; } = new("--threads") { Description = "CPU threads, 0 for all", DefaultValueFactory = _ => 0 };

    public Option<bool> Json { get; } = new("--json") { Description = "Print the report as JSON instead of a table" };

    public IReadOnlyList<Option> All =>
        [Observation, Key, Reference, Ensemble, Combine, Require, Threshold, Rows, Output, Simulator, Seed, Device, Threads, Json];
}
