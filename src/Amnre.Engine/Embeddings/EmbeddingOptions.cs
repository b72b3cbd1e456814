using System.Text.Json.Nodes;
using Amnre.Engine.Networks;

namespace Amnre.Engine.Embeddings;

/// <summary>Keywords of the network that turns an observation x into y.</summary>
internal sealed record EmbeddingOptions
{
    public const string DeepSet = "DeepSet", SetTransformer = "SetTransformer", Cnn = "CNN";

    public static readonly IReadOnlyList<string> Architectures = [.. NetworkOptions.Architectures, DeepSet, SetTransformer, Cnn];

    public string Architecture { get; init; } = "MLP";

    /// <summary>The network of all of x (<c>MLP</c>, <c>ResNet</c>), or of each element (<c>DeepSet</c>).</summary>
    public NetworkOptions Network { get; init; } = new();

    /// <summary>L, the length of y.</summary>
    public int OutputSize { get; init; }

    /// <summary>The probability that a step of training goes without a part of x; 0 for a model that needs all of x.</summary>
    public double Missing { get; init; }

    /// <summary>The axis of x along which the elements of a set, or the positions of a series, lie; null for 0, of a series in channels for
    /// 1.</summary>
    public int? Axis { get; init; }

    /// <summary>SetTransformer: width of each element, attention heads, blocks.</summary>
    public int HiddenSize { get; init; } = 64;

    /// <inheritdoc cref="HiddenSize"/>
    public int Heads { get; init; } = 4;

    /// <inheritdoc cref="HiddenSize"/>
    public int Blocks { get; init; } = 2;

    /// <summary>CNN: channels of each convolution.</summary>
    public IReadOnlyList<int> Filters { get; init; } = [32, 64];

    /// <summary>CNN: positions that a filter sees, and by how many it moves on.</summary>
    public int KernelSize { get; init; } = 5;

    /// <inheritdoc cref="KernelSize"/>
    public int Stride { get; init; } = 2;

    /// <summary>CNN: positions that remain in the end, means of equal parts of the series.</summary>
    public int Pooled { get; init; } = 4;

    /// <summary>CNN and SetTransformer.</summary>
    public string Activation { get; init; } = "ReLU";

    /// <summary>CNN: <c>layer</c> normalises the channels of each observation; null for none.</summary>
    public string? Normalization { get; init; }

    /// <summary>Reads <paramref name="keywords"/>; each error is reported with its <paramref name="field"/>.</summary>
    public static EmbeddingOptions Read(JsonObject keywords, string field, ICollection<(string Field, string Message)> errors)
    {
        var reader = new KeywordReader(keywords, field, errors);
        var arch = reader.Choice("arch", Architectures, "MLP") ?? "MLP";
        var isSet = arch is DeepSet or SetTransformer;
        var options = new EmbeddingOptions
        {
            Architecture = arch,
            Network = arch is SetTransformer or Cnn ? new() : NetworkOptions.Read(reader, arch == DeepSet ? "MLP" : arch),
            OutputSize = reader.Positive("output_size", null),
            Missing = reader.Fraction("missing", 0),
            Axis = isSet || arch == Cnn ? reader.Optional("axis", least: 0) : null,
            HiddenSize = arch == SetTransformer ? reader.Positive("hidden_size", 64) : 64,
            Heads = arch == SetTransformer ? reader.Positive("num_heads", 4) : 4,
            Blocks = arch == SetTransformer ? reader.Positive("num_blocks", 2) : 2,
            Filters = arch == Cnn ? reader.Sizes("filters", [32, 64]) : [32, 64],
            KernelSize = arch == Cnn ? reader.Positive("kernel_size", 5) : 5,
            Stride = arch == Cnn ? reader.Positive("stride", 2) : 2,
            Pooled = arch == Cnn ? reader.Positive("pooled", 4) : 4,
            Activation = arch is SetTransformer or Cnn ? reader.Choice("activation", Shared, "ReLU") ?? "ReLU" : "ReLU",
            Normalization = arch == Cnn ? reader.Choice("normalization", ["layer"], null) : null,
        };
        if (options.HiddenSize % options.Heads != 0)
            reader.Report("num_heads",
                $"'num_heads' is {options.Heads}, which does not divide 'hidden_size' {options.HiddenSize}: give a divisor");
        if (options.KernelSize % 2 == 0)
            reader.Report("kernel_size", $"'kernel_size' is {options.KernelSize}: give an odd number, so that filters have a middle");
        reader.RejectOthers();
        return options;
    }

    /// <summary>Whether a model with these keywords, which are valid, can do without parts of x.</summary>
    public static bool TakesMissing(JsonObject keywords) => keywords.Count > 0 && Read(keywords, "embedding", []).Missing > 0;

    /// <summary>An observation as the elements of a set, or the positions of a series.</summary>
    public Elements ElementsOf(IReadOnlyList<int> shape) =>
        new(shape, Axis ?? (Architecture == Cnn ? Math.Min(1, shape.Count - 1) : 0));

    /// <summary>Why it cannot be of observations of this shape; null where it can.</summary>
    public string? Error(IReadOnlyList<int> shape) => Axis is { } axis && axis >= shape.Count
        ? $"'axis' is {axis}, but an observation has shape ({string.Join(", ", shape)}): give at most {shape.Count - 1}"
        : null;

    /// <summary>Those without a weight of their own.</summary>
    private static IReadOnlyList<string> Shared { get; } = [.. Networks.Activation.Names.Except(["PReLU"])];
}
