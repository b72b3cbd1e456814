using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Amnre.Engine.Settings;

/// <summary>Everything that decides the bytes of a trained model, apart from its input files.
/// Outputs: <c>model.pth</c>, <c>model.json</c>, <c>model.csv</c>, and <c>model.best.pth</c> or <c>model.last.pth</c>.</summary>
/// <remarks>Names and defaults are those of the original command line; <see cref="Seed"/> and <see cref="Threads"/> are new.</remarks>
public sealed record TrainSettings
{
    public required string Simulator { get; init; }

    /// <summary><c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
    public string Device { get; init; } = "cpu";

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

    /// <summary>Not arbitrary: the masks of MNRE or MNPE; empty means NRE or NPE over all parameters.
    /// Arbitrary: <c>uniform</c>, <c>poisson</c> or a list to choose from; empty means uniform.</summary>
    public IReadOnlyList<string> Masks { get; init; } = [];

    public string? Filter { get; init; }

    /// <summary><c>NLL</c>, <c>FL</c>, <c>PL</c> or <c>QS</c>.</summary>
    public string Criterion { get; init; } = "NLL";

    public bool Inverse { get; init; }

    public int Epochs { get; init; } = 256;

    /// <summary>Most batches in an epoch.</summary>
    public int Descents { get; init; } = 256;

    public int BatchSize { get; init; } = 1024;

    public double LearningRate { get; init; } = 1e-3;

    public double WeightDecay { get; init; } = 1e-4;

    public bool AmsGrad { get; init; }

    /// <summary><c>plateau</c>, <c>exp</c> or <c>cosine</c>.</summary>
    public string Scheduler { get; init; } = "plateau";

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

    /// <summary>Whether <c>model.pth</c> holds the weights of the <c>last</c> epoch or of the <c>best</c> one; the others are written
    /// beside it.</summary>
    public string Keep { get; init; } = "last";

    /// <summary>Most memory, MiB, for the rows that are shuffled among one another; at most 2^18 of them.</summary>
    public int BufferMebibytes { get; init; } = 1024;

    /// <summary>Models that are trained together, with seeds that count up from <see cref="Seed"/>; null for one model.
    /// Part of the settings because the last bits of batched products depend on how many there are.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Replicates { get; init; }

    /// <summary>The settings of each model.</summary>
    /// <exception cref="InputException">There are none, or more than <see cref="MostReplicates"/>.</exception>
    public IReadOnlyList<TrainSettings> Each()
    {
        var count = Replicates ?? 1;
        return count is >= 1 and <= MostReplicates
            ? [.. Enumerable.Range(0, count).Select(i => this with { Seed = Seed + (ulong)i, Replicates = null })]
            : throw new InputException($"replicates {count} is out of range: from 1 to {MostReplicates}");
    }

    public const int MostReplicates = 1000;
}

/// <summary>The files a training reads.</summary>
/// <param name="Samples">Training dataset; null means endless simulation while training.</param>
/// <param name="Valid">Validation dataset.</param>
/// <param name="Weights">State dictionary to start from.</param>
/// <param name="Adversary">A trained model (<c>.pth</c> with its <c>.json</c> beside it) that gives importance weights.</param>
public sealed record TrainInputs(string? Samples, string? Valid = null, string? Weights = null, string? Adversary = null);
