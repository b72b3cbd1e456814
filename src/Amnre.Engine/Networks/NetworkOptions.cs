using System.Text.Json.Nodes;

namespace Amnre.Engine.Networks;

/// <summary>Keywords of a feed-forward network, as the original names them.</summary>
internal sealed record NetworkOptions
{
    public static readonly IReadOnlyList<string> Architectures = ["MLP", "ResNet"];
    public static readonly IReadOnlyList<string> Normalizations = ["batch", "layer", "group", "self"];

    /// <summary><c>MLP</c> or <c>ResNet</c>.</summary>
    public string Architecture { get; init; } = "MLP";

    /// <summary>MLP: width of the hidden layers.</summary>
    public int HiddenSize { get; init; } = 64;

    /// <summary>ResNet: width of the residual stream.</summary>
    public int ResidualSize { get; init; } = 64;

    /// <summary>ResNet: number of residual blocks.</summary>
    public int Blocks { get; init; } = 3;

    /// <summary>Hidden layers after the first (MLP), or of each block (ResNet).</summary>
    public int Layers { get; init; } = 1;

    public string Activation { get; init; } = "ReLU";

    /// <summary><c>batch</c>, <c>layer</c>, <c>group</c>, <c>self</c> (none, but the initial weights of self-normalising networks), or
    /// null.</summary>
    public string? Normalization { get; init; }

    public bool Bias { get; init; } = true;

    public double Dropout { get; init; }

    /// <summary>Reads <paramref name="keywords"/>; each error is reported with its <paramref name="field"/>.</summary>
    /// <param name="keywords">The settings' JSON object.</param>
    /// <param name="field">Where it stands in the settings, such as <c>model</c>.</param>
    /// <param name="errors">Receives what is wrong.</param>
    /// <param name="architecture">The architecture when the keywords do not choose.</param>
    public static NetworkOptions Read(
        JsonObject keywords, string field, ICollection<(string Field, string Message)> errors, string architecture = "MLP")
    {
        var reader = new KeywordReader(keywords, field, errors);
        var options = Read(reader, reader.Choice("arch", Architectures, architecture) ?? architecture);
        reader.RejectOthers();
        return options;
    }

    /// <summary>The keywords of an architecture that is chosen already; others may stand beside them.</summary>
    public static NetworkOptions Read(KeywordReader reader, string arch)
    {
        var options = new NetworkOptions
        {
            Architecture = arch,
            HiddenSize = arch == "MLP" ? reader.Positive("hidden_size", 64) : 64,
            ResidualSize = arch == "ResNet" ? reader.Positive("residual_size", 64) : 64,
            Blocks = arch == "ResNet" ? reader.Positive("num_blocks", 3, least: 0) : 3,
            Layers = reader.Positive("num_layers", 1, least: 0),
            Activation = reader.Choice("activation", Networks.Activation.Names, "ReLU") ?? "ReLU",
            Normalization = reader.Choice("normalization", Normalizations, null),
            Bias = reader.Flag("bias", true),
            Dropout = reader.Fraction("dropout", 0),
        };
        if (options is { Dropout: > 0, Layers: 0 } or { Dropout: > 0, Architecture: "ResNet", Blocks: 0 })
            reader.Report("dropout", $"'dropout' is {options.Dropout}, but there is no hidden layer to drop units of: raise " +
                $"'{(options.Layers == 0 ? "num_layers" : "num_blocks")}' or leave 'dropout' out");
        return options;
    }
}
