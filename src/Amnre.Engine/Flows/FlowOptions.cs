using System.Text.Json.Nodes;
using Amnre.Engine.Networks;

namespace Amnre.Engine.Flows;

/// <summary>Keywords of a flow, as the original names those that it has, and with its defaults.</summary>
internal sealed record FlowOptions
{
    public static readonly IReadOnlyList<string> Architectures = ["A", "PRQ", "UMNN"];

    /// <summary>PReLU has a weight of its own, which the original's flows cannot hold.</summary>
    private static readonly IReadOnlyList<string> Activations = [.. Networks.Activation.Names.Except(["PReLU"])];

    /// <summary>Each step's element-wise map: <c>A</c>, affine, <c>PRQ</c>, rational-quadratic spline, or
    /// <c>UMNN</c>, the integral of a positive network.</summary>
    public string Architecture { get; init; } = "A";

    /// <summary>Whether a step is one of coupling; else it is autoregressive.</summary>
    public bool Coupling { get; init; }

    /// <summary>Whether parameters with a uniform prior are mapped from its support onto the whole line.</summary>
    public bool Bounded { get; init; }

    /// <summary>Number of steps T; one when there is one parameter.</summary>
    public int Transforms { get; init; } = 5;

    public int HiddenFeatures { get; init; } = 64;

    public int Blocks { get; init; } = 2;

    public bool ResidualBlocks { get; init; }

    public bool BatchNorm { get; init; }

    public bool LuLinear { get; init; }

    public string Activation { get; init; } = "ReLU";

    /// <summary>PRQ: number of bins K and half-width of the interval that is bent.</summary>
    public int Bins { get; init; } = 8;

    public double TailBound { get; init; } = 1;

    /// <summary>UMNN: widths of the integrand's hidden layers.</summary>
    public IReadOnlyList<int> IntegrandLayers { get; init; } = [50, 50, 50];

    /// <summary>UMNN: numbers that condition the integrand.</summary>
    public int ConditionSize { get; init; } = 20;

    /// <summary>UMNN: intervals of the quadrature.</summary>
    public int IntegrationSteps { get; init; } = 20;

    /// <summary>The network of a step of coupling.</summary>
    public NetworkOptions Conditioner => new()
    {
        Architecture = ResidualBlocks ? "ResNet" : "MLP",
        ResidualSize = HiddenFeatures,
        HiddenSize = HiddenFeatures,
        Blocks = Blocks,
        Layers = ResidualBlocks ? 1 : Blocks,
        Activation = Activation,
        Normalization = BatchNorm ? "batch" : null,
    };

    /// <summary>Reads <paramref name="keywords"/>; each error is reported with its <paramref name="field"/>.</summary>
    public static FlowOptions Read(JsonObject keywords, string field, ICollection<(string Field, string Message)> errors)
    {
        var reader = new KeywordReader(keywords, field, errors);
        var arch = reader.Choice("arch", Architectures, "A") ?? "A";
        var options = new FlowOptions
        {
            Architecture = arch,
            Coupling = reader.Flag("coupling", false),
            Bounded = reader.Flag("bounded", false),
            Transforms = reader.Positive("num_transforms", 5),
            HiddenFeatures = reader.Positive("hidden_features", 64),
            Blocks = reader.Positive("num_blocks", 2, least: 0),
            ResidualBlocks = reader.Flag("use_residual_blocks", false),
            BatchNorm = reader.Flag("use_batch_norm", false),
            LuLinear = reader.Flag("lu_linear", false),
            Activation = reader.Choice("activation", Activations, "ReLU") ?? "ReLU",
            Bins = arch == "PRQ" ? reader.Positive("num_bins", 8, least: 2) : 8,
            TailBound = arch == "PRQ" ? reader.Number("tail_bound", 1) : 1,
            IntegrandLayers = arch == "UMNN" ? reader.Sizes("integrand_net_layers", [50, 50, 50]) : [50, 50, 50],
            ConditionSize = arch == "UMNN" ? reader.Positive("cond_size", 20) : 20,
            IntegrationSteps = arch == "UMNN" ? reader.Positive("nb_steps", 20, least: 2) : 20,
        };
        if (options.Bins > Spline.MaxBins)
            errors.Add(($"{field}.num_bins",
                $"'num_bins' is {options.Bins}: give at most {Spline.MaxBins}, which is where the least widths fill the interval"));
        if (!(options.TailBound > 0)) errors.Add(($"{field}.tail_bound", $"'tail_bound' is {options.TailBound}: give a number above 0"));
        reader.RejectOthers();
        return options;
    }
}
