using System.CommandLine;
using System.CommandLine.Completions;
using Amnre.Cli.Spelling;
using Amnre.Engine.Catalog;
using Amnre.Engine.Settings;

namespace Amnre.Cli.Original;

/// <summary>The options of <c>amnre train</c>: those of the original's train.py, with its defaults, and ours after them.</summary>
internal sealed class TrainOptions
{
    private static readonly TrainSettings Usual = new() { Simulator = "SLCP" };

    public Option<string> Device { get; } = new("--device")
    {
        Description = "cpu, cuda or cuda:N",
        DefaultValueFactory = _ => Usual.Device,
    };

    public Option<string> Simulator { get; } = new("--simulator")
    {
        Description = $"Simulator: {string.Join(", ", SimulatorCatalog.Names)}, or a manifest",
        DefaultValueFactory = _ => Usual.Simulator,
        CompletionSources = { _ => SimulatorCatalog.Names.Select(name => new CompletionItem(name)) },
    };

    public Option<string?> Samples { get; } = new("--samples")
    {
        Description = "Training samples: a file, a folder of shards or a pattern [default: simulate while training]",
    };

    public Option<bool> Live { get; } = new("--live")
    {
        Description = "Add noise to training samples that have none (gravitational waves)",
    };

    public Option<string> Model { get; } = new("--model")
    {
        Description = "Keywords of the network, JSON",
        DefaultValueFactory = _ => "{}",
    };

    public Option<string?> Hyper { get; } = new("--hyper")
    {
        Description = "Keywords of the network that generates the weights, JSON; with --arbitrary",
    };

    public Option<string> Embedding { get; } = new("--embedding")
    {
        Description = "Keywords of the network that embeds x, JSON, with its output_size",
        DefaultValueFactory = _ => "{}",
    };

    public Option<bool> Flow { get; } = new("--flow") { Description = "Normalising flows (NPE, MNPE) instead of ratios (NRE, MNRE)" };

    public Option<bool> Arbitrary { get; } = new("--arbitrary") { Description = "One network for any subset of the parameters (AMNRE)" };

    public Option<string[]> Masks { get; } = new("--masks")
    {
        Description = "Subsets of the parameters, such as 11000 or =2 for all pairs; with --arbitrary also uniform or poisson",
        Arity = ArgumentArity.ZeroOrMore,
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
    };

    public Option<string?> Filter { get; } = new("--filter") { Description = "Mask that restricts '=k' and random masks to its subsets" };

    public Option<string?> Weights { get; } = new("--weights") { Description = "Weights to start from" };

    public Option<string> Criterion { get; } = new("--criterion")
    {
        Description = "Loss of ratios: NLL, FL, PL or QS",
        DefaultValueFactory = _ => Usual.Criterion,
    };

    public Option<string?> Adversary { get; } = new("--adversary") { Description = "Trained model whose ratios weigh the samples" };

    public Option<bool> Inverse { get; } = new("--inverse") { Description = "Weigh the joint samples by 1/r of the adversary instead" };

    public Option<int> Epochs { get; } = new("--epochs") { Description = "Most epochs", DefaultValueFactory = _ => Usual.Epochs };

    public Option<int> Descents { get; } = new("--descents")
    {
        Description = "Most batches in an epoch",
        DefaultValueFactory = _ => Usual.Descents,
    };

    public Option<int> BatchSize { get; } = new("--bs") { Description = "Batch size", DefaultValueFactory = _ => Usual.BatchSize };

    public Option<double> LearningRate { get; } = new("--lr")
    {
        Description = "Learning rate",
        DefaultValueFactory = _ => Usual.LearningRate,
    };

    public Option<double> WeightDecay { get; } = new("--wd") { Description = "Weight decay", DefaultValueFactory = _ => Usual.WeightDecay };

    public Option<bool> AmsGrad { get; } = new("--amsgrad")
    {
        Description = "AMSGrad; true or false may follow",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public Option<string> Scheduler { get; } = new("--scheduler")
    {
        Description = "Learning rate: plateau, exp or cosine",
        DefaultValueFactory = _ => Usual.Scheduler,
    };

    public Option<int?> Patience { get; } = new("--patience")
    {
        Description = $"Plateau: epochs without a better loss that are borne [default: {Usual.Patience}]",
    };

    public Option<double?> Threshold { get; } = new("--threshold")
    {
        Description = $"Plateau: relative improvement that counts [default: {Usual.Threshold}]",
    };

    public Option<double?> Factor { get; } = new("--factor")
    {
        Description = $"Plateau: factor of the learning rate [default: {Usual.Factor}]",
    };

    public Option<double> MinLearningRate { get; } = new("--min-lr")
    {
        Description = "Learning rate at which training ends (plateau), or at its end",
        DefaultValueFactory = _ => Usual.MinLearningRate,
    };

    public Option<double> Clip { get; } = new("--clip")
    {
        Description = "Largest norm of the gradient",
        DefaultValueFactory = _ => Usual.Clip,
    };

    public Option<string?> Valid { get; } = new("--valid") { Description = "Validation samples" };

    public Option<string> Output { get; } = new("--output", "-o")
    {
        Description = "Weights to write, .pth; settings (.json) and statistics (.csv) come beside them",
        DefaultValueFactory = _ => "products/models/out.pth",
    };

    public Option<ulong?> Seed { get; } = new OwnOption<ulong?>("--seed")
    {
        Description = "Seeds weights, batches and masks [default: drawn, printed and recorded]",
    };

    public Option<int> Threads { get; } = new OwnOption<int>("--threads")
    {
        Description = "CPU threads of the tensor library, 0 for all; changes the last bits",
        DefaultValueFactory = _ => 0,
    };

    public Option<double> Average { get; } = new OwnOption<double>("--average")
    {
        Description = "Decay of a moving average of the weights, such as 0.999, which is then the model; 0 for none",
        DefaultValueFactory = _ => Usual.Average,
    };

    public Option<int> EarlyStopping { get; } = new OwnOption<int>("--early-stopping")
    {
        Description = "End after so many epochs without a lower loss; 0 never",
        DefaultValueFactory = _ => Usual.EarlyStopping,
    };

    public Option<string> Keep { get; } = new OwnOption<string>("--keep")
    {
        Description = "Whose weights are the model: those of the last or of the best epoch; the others come beside it",
        DefaultValueFactory = _ => Usual.Keep,
    };

    public Option<int> Buffer { get; } = new OwnOption<int>("--buffer-mib")
    {
        Description = "Most memory for rows that are shuffled among one another",
        DefaultValueFactory = _ => Usual.BufferMebibytes,
    };

    public Option<int?> Replicates { get; } = new OwnOption<int?>("--replicates")
    {
        Description = "Models to train beside one another, OUTPUT-1.pth and so on, with seeds that count up from the seed; on a GPU as " +
            "batched products",
    };

    public Option<bool> Json { get; } = new OwnOption<bool>("--json")
    {
        Description = "End with one line of JSON on standard output instead of text",
    };

    public IReadOnlyList<Option> All =>
    [
        Device, Simulator, Samples, Live, Model, Hyper, Embedding, Flow, Arbitrary, Masks, Filter, Weights, Criterion, Adversary, Inverse,
        Epochs, Descents, BatchSize, LearningRate, WeightDecay, AmsGrad, Scheduler, Patience, Threshold, Factor, MinLearningRate, Clip,
        Valid, Output,
        Seed, Threads, Average, EarlyStopping, Keep, Buffer, Replicates, Json,
    ];
}
