using System.CommandLine;
using Amnre.Cli.Spelling;
using Amnre.Engine.Inference;

namespace Amnre.Cli.Inference;

/// <summary>What <c>amnre infer</c> takes.</summary>
internal sealed class InferOptions
{
    public Argument<string> Model { get; } = new("model")
    {
        Description = "Weights of a trained model, .pth, with its settings (.json) beside it",
    };

    public Argument<string> Observations { get; } = new("observation")
    {
        Description = "One measured observation or several: .csv, .txt, .npy, .npz, .json or .h5",
    };

    public Option<string[]> Ensemble { get; } = new("--ensemble")
    {
        Description = "Further models, .pth, of the same simulator and standardisation, which are one posterior with the first",
        Arity = ArgumentArity.OneOrMore,
    };

    public Option<string?> Combine { get; } = new("--combine") { Description = $"{Combining.Help} [default: mean]" };

    public Option<string?> Key { get; } = new("--key")
    {
        Description = "Which array, where the file holds several [default: x, or the only one]",
    };

    public Option<string[]> Masks { get; } = new("--masks")
    {
        Description = "Sets of parameters to draw together, such as 11000, or =1 for each alone [default: all that are not given]",
        Arity = ArgumentArity.OneOrMore,
    };

    public RepeatedOption Given { get; } = new("--given")
    {
        Description = "NAME=VALUE of a parameter that is known: the posterior of the others given it; may be repeated",
    };

    public RepeatedOption BayesFactor { get; } = new("--bayes-factor")
    {
        Description = "NAME=VALUE of a nested model: how much the observation speaks for this value against the parameter's prior; may " +
            "be repeated",
    };

    public Option<int> Draws { get; } = new("--draws")
    {
        Description = "Draws of each posterior",
        DefaultValueFactory = _ => InferSettings.DefaultDraws,
    };

    public Option<int> Figures { get; } = new("--figures")
    {
        Description = "Figures of the first so many observations, 0 for none",
        DefaultValueFactory = _ => new InferSettings().Figures,
    };

    public Option<string?> Output { get; } = new("--output", "-o")
    {
        Description = "The draws' file, .h5 or .csv; the summary (.json) and the figures are named after it [default: " +
            "OBSERVATION_posterior.h5]",
    };

    public Option<string?> Simulator { get; } = new("--simulator")
    {
        Description = "The simulator, where its manifest has moved since the training [default: the one that the model names, at its " +
            "place of then or beside the model]",
    };

    public Option<ulong> Seed { get; } = new("--seed")
    {
        Description = "Names the draws: the same seed gives the same files",
        DefaultValueFactory = _ => 0,
    };

    public Option<string> Device { get; } = new("--device")
    {
        Description = "Where the network runs: cpu, cuda or cuda:N",
        DefaultValueFactory = _ => "cpu",
    };

    public Option<int> Threads { get; } = new("--threads") { Description = "CPU threads, 0 for all", DefaultValueFactory = _ => 0 };

    public Option<bool> Json { get; } = new("--json") { Description = "Print the summary as JSON instead of a table" };

    public IReadOnlyList<Option> All =>
        [Ensemble, Combine, Key, Masks, Given, BayesFactor, Draws, Figures, Output, Simulator, Seed, Device, Threads, Json];
}
