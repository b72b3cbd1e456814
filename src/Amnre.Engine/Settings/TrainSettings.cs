using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Amnre.Engine.Fields;
using static Amnre.Engine.Fields.ValueRange;

namespace Amnre.Engine.Settings;

/// <summary>Everything that decides the bytes of a trained model, apart from its input files.
/// Outputs: <c>model.pth</c>, <c>model.json</c>, <c>model.csv</c>, and <c>model.best.pth</c> or <c>model.last.pth</c>.</summary>
/// <remarks>Names and defaults are those of the original command line; <see cref="Seed"/> and <see cref="Threads"/> are new.</remarks>
public sealed record TrainSettings
{
    public required string Simulator { get; init; }

    public ComputeDevice Device { get; init; } = ComputeDevice.Cpu;

    /// <summary>Seeds initial weights, batch order and masks.</summary>
    public ulong Seed { get; init; }

    /// <summary>CPU threads of the tensor library, and of simulations while training. Part of the settings because sums split over threads
    /// round differently.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Add noise to x while training (simulators that define it).</summary>
    public bool Live { get; init; }

    /// <summary>Network keywords, such as <c>{"num_layers": 7, "hidden_size": 256, "activation": "ELU"}</c>.</summary>
    public JsonObject Model { get; init; } = [];

    public JsonObject? Hyper { get; init; }

    public JsonObject Embedding { get; init; } = [];

    /// <summary>Normalising flows (NPE, MNPE) instead of ratios (NRE, MNRE).</summary>
    public bool Flow { get; init; }

    /// <summary>One network for any subset (AMNRE).</summary>
    public bool Arbitrary { get; init; }

    /// <summary>The first axis of x are trials, independent given theta: one ratio for all of them, whose product is that of x.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Trials { get; init; }

    /// <summary>Whether ratios are learnt up to a factor that depends on x alone.</summary>
    [JsonIgnore]
    public bool HasFreeFactor => Trials || Criterion == Criterion.Multiclass;

    /// <summary>Not arbitrary: the masks of MNRE or MNPE; empty means NRE or NPE over all parameters.
    /// Arbitrary: <c>uniform</c>, <c>poisson</c> or a list to choose from; empty means uniform.</summary>
    public IReadOnlyList<string> Masks { get; init; } = [];

    public string? Filter { get; init; }

    public Criterion Criterion { get; init; }

    /// <summary>NRE-B and NRE-C: K, the parameters among which the loss tells the right one; null, the default, is not written.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Contrasts { get; init; }

    /// <summary>NRE-C: γ, the odds of K parameters that hold the right one against K that do not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Gamma { get; init; }

    /// <summary>BNRE: λ, the factor of the penalty.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Balance { get; init; }

    public bool Inverse { get; init; }

    public int Epochs { get; init; } = 256;

    /// <summary>Most batches in an epoch.</summary>
    public int Descents { get; init; } = 256;

    public int BatchSize { get; init; } = 1024;

    public double LearningRate { get; init; } = 1e-3;

    public double WeightDecay { get; init; } = 1e-4;

    public bool AmsGrad { get; init; }

    public Schedule Scheduler { get; init; }

    public int Patience { get; init; } = 7;

    public double Threshold { get; init; } = 1e-2;

    public double Factor { get; init; } = 0.5;

    public double MinLearningRate { get; init; } = 1e-6;

    /// <summary>Largest global 2-norm of the gradient.</summary>
    public double Clip { get; init; } = 10;

    /// <summary>Decay of a moving average of the weights, such as 0.999, which is then what is validated and written; 0 for none.</summary>
    public double Average { get; init; }

    /// <summary>Ends after so many epochs without a lower loss; 0 never.</summary>
    public int EarlyStopping { get; init; }

    /// <summary>Whose weights <c>model.pth</c> holds; the others are written beside it.</summary>
    public KeptWeights Keep { get; init; }

    /// <summary>Most memory, MiB, for the rows that are shuffled among one another; at most 2^18 of them.</summary>
    public int BufferMebibytes { get; init; } = 1024;

    /// <summary>Models that are trained together, whose seeds count up; null for one. Last bits of batched products depend on it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Replicates { get; init; }

    /// <summary>Pauses after so many epochs, with its state beside <c>model.pth</c>; null trains to the end, and is not written.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? StopAfter { get; init; }

    /// <summary>The settings of each model.</summary>
    /// <exception cref="InputException">There are none, or more than <see cref="MaxReplicates"/>.</exception>
    public IReadOnlyList<TrainSettings> Each()
    {
        var count = Replicates ?? 1;
        return count is >= 1 and <= MaxReplicates
            ? [.. Enumerable.Range(0, count).Select(i => this with { Seed = Seed + (ulong)i, Replicates = null })]
            : throw new InputException($"replicates {count} is out of range: from 1 to {MaxReplicates}");
    }

    public const int MaxReplicates = 1000;

    /// <summary>K of NRE-B and NRE-C, γ of NRE-C, λ of BNRE (the paper's).</summary>
    public const int DefaultContrasts = 8, DefaultGamma = 1, DefaultBalance = 100;

    /// <summary>Its settings, in the order of the model's file: the original's, then those that it lacks.</summary>
    public static FieldTable<TrainSettings> Fields { get; } = new(
        new() { Simulator = "" }, FieldPlaces.ExperimentFile | FieldPlaces.Command | FieldPlaces.ModelFile)
    {
        {
            "device", s => s.Device, (s, v) => s with { Device = v }, "`cpu`, `cuda` or `cuda:N`",
            new() { Form = ComputeDevice.Form, Check = ComputeDevice.Error }
        },
        { "simulator", s => s.Simulator, (s, v) => s with { Simulator = v }, "The simulator", new() { Places = FieldPlaces.ModelFile } },
        { "live", s => s.Live, (s, v) => s with { Live = v }, "Add noise to x while training, for simulators that define it" },
        {
            "model", s => s.Model, (s, v) => s with { Model = v },
            "Network: `{num_layers, hidden_size, activation, …}`, or `{arch: ResNet, num_blocks, residual_size, …}`; with `flow` `{num_transforms, hidden_features, num_blocks, …}`, `arch` `A`, `PRQ` or `UMNN`"
        },
        {
            "hyper", s => s.Hyper, (s, v) => s with { Hyper = v }, "Arbitrary: a network that makes the weights from the mask",
            new() { DefaultText = "none" }
        },
        {
            "embedding", s => s.Embedding, (s, v) => s with { Embedding = v },
            "A network before it for the observation, with `output_size`: `arch` `MLP`, `ResNet`, `DeepSet`, `SetTransformer` or `CNN`"
        },
        { "flow", s => s.Flow, (s, v) => s with { Flow = v }, "A normalising flow (NPE, MNPE) instead of ratios (NRE, MNRE)" },
        {
            "arbitrary", s => s.Arbitrary, (s, v) => s with { Arbitrary = v },
            "One network for any subset of the parameters (AMNRE); false trains one for all of them (NRE)"
        },
        {
            "masks", s => s.Masks, (s, v) => s with { Masks = v },
            "Not arbitrary: one estimator for each (MNRE, MNPE), such as `[=1, =2, 00111]`. Arbitrary: which subsets to train on: `uniform`, `poisson` or a list",
            new() { MayBeEmpty = true }
        },
        {
            "filter", s => s.Filter, (s, v) => s with { Filter = v }, "Restricts `=k` and random subsets to those of this mask",
            new() { DefaultText = "none" }
        },
        {
            "criterion", s => s.Criterion, (s, v) => s with { Criterion = v },
            "Loss of ratios: `NLL`, `FL`, `PL`, `QS`, `BNRE`, `NRE-B` or `NRE-C`"
        },
        {
            "inverse", s => s.Inverse, (s, v) => s with { Inverse = v },
            "Against an adversary: weigh the joint samples by 1/r instead of the marginal ones by r"
        },
        { "epochs", s => s.Epochs, (s, v) => s with { Epochs = v }, "Most epochs", new() { Range = AtLeast(1) } },
        { "descents", s => s.Descents, (s, v) => s with { Descents = v }, "Most batches in an epoch", new() { Range = AtLeast(1) } },
        { "bs", s => s.BatchSize, (s, v) => s with { BatchSize = v }, "Batch size", new() { Range = AtLeast(1) } },
        { "lr", s => s.LearningRate, (s, v) => s with { LearningRate = v }, "Learning rate", new() { Range = Positive } },
        { "wd", s => s.WeightDecay, (s, v) => s with { WeightDecay = v }, "Weight decay", new() { Range = AtLeast(0) } },
        { "amsgrad", s => s.AmsGrad, (s, v) => s with { AmsGrad = v }, "AMSGrad" },
        {
            "scheduler", s => s.Scheduler, (s, v) => s with { Scheduler = v },
            "How the learning rate follows the epochs: `plateau`, `exp` or `cosine`"
        },
        {
            "patience", s => s.Patience, (s, v) => s with { Patience = v }, "Plateau: epochs without a better loss that are tolerated",
            new() { Range = AtLeast(0) }
        },
        {
            "threshold", s => s.Threshold, (s, v) => s with { Threshold = v }, "Plateau: relative improvement that counts",
            new() { Range = Share }
        },
        { "factor", s => s.Factor, (s, v) => s with { Factor = v }, "Plateau: factor of the learning rate", new() { Range = Fraction } },
        {
            "min_lr", s => s.MinLearningRate, (s, v) => s with { MinLearningRate = v },
            "Learning rate at which training ends (plateau), or at its end", new() { Range = Positive }
        },
        { "clip", s => s.Clip, (s, v) => s with { Clip = v }, "Largest norm of the gradient", new() { Range = Positive } },
        // The default written out is the default.
        {
            "contrasts", s => s.Contrasts, (s, v) => s with { Contrasts = v == DefaultContrasts ? null : v },
            "NRE-B and NRE-C: K, the parameters among which the loss tells the right one; the others are of the same batch",
            new() { IsOwn = true, Range = AtLeast(1), DefaultText = "8" }
        },
        {
            "gamma", s => s.Gamma, (s, v) => s with { Gamma = v == DefaultGamma ? null : v },
            "NRE-C: γ, the odds of K parameters that hold the right one against K that do not",
            new() { IsOwn = true, Range = Positive, DefaultText = "1" }
        },
        {
            "balance", s => s.Balance, (s, v) => s with { Balance = v == DefaultBalance ? null : v },
            "BNRE: λ, the factor of the penalty on a classifier out of balance",
            new() { IsOwn = true, Range = Positive, DefaultText = "100" }
        },
        { "seed", s => s.Seed, (s, v) => s with { Seed = v }, "Initial weights, batch order, masks", new() { IsOwn = true } },
        {
            "threads", s => s.Threads, (s, v) => s with { Threads = v },
            "CPU threads. Part of the result: sums split over threads round differently", new() { IsOwn = true, Range = AtLeast(1) }
        },
        {
            "average", s => s.Average, (s, v) => s with { Average = v },
            "Decay of a moving average of the weights, such as 0.999; the average is then what is validated and kept; 0 for none",
            new() { IsOwn = true, Range = Share }
        },
        {
            "early_stopping", s => s.EarlyStopping, (s, v) => s with { EarlyStopping = v },
            "End after so many epochs without a lower loss; 0 never", new() { IsOwn = true, Range = AtLeast(0) }
        },
        {
            "keep", s => s.Keep, (s, v) => s with { Keep = v },
            "`last` or `best`: which epoch's weights are the model; the others lie beside it as `.best.pth` or `.last.pth`",
            new() { IsOwn = true }
        },
        {
            "buffer_mib", s => s.BufferMebibytes, (s, v) => s with { BufferMebibytes = v },
            "Most memory for the rows that are shuffled among one another", new() { IsOwn = true, Range = AtLeast(1) }
        },
        {
            "trials", s => s.Trials, (s, v) => s with { Trials = v },
            "NRE: the first axis of x are trials, independent given theta; learns the ratio of one, and the posterior is of their product",
            new() { IsOwn = true }
        },
        {
            "replicates", s => s.Replicates, (s, v) => s with { Replicates = v },
            "Models to train beside one another, OUTPUT-1.pth and so on, with seeds that count up from the seed; on a GPU as batched products",
            new() { IsOwn = true, Places = FieldPlaces.Command, DefaultText = "none" }
        },
        {
            "stop_after", s => s.StopAfter, (s, v) => s with { StopAfter = v }, "Of a rung of a search: epochs after which it pauses",
            new() { IsOwn = true, Places = FieldPlaces.ModelFile, Range = AtLeast(1), DefaultText = "none" }
        },
    };
}
