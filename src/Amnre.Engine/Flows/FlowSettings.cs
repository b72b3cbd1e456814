using static TorchSharp.torch;

namespace Amnre.Engine.Flows;

/// <summary>Keywords of a flow, with the original's defaults.</summary>
internal sealed record FlowSettings
{
    /// <summary>Each step's element-wise map: <c>A</c>, affine, or <c>PRQ</c>, rational-quadratic spline.</summary>
    public string Arch { get; init; } = "A";

    /// <summary>Number of autoregressive steps T; one when there is one parameter.</summary>
    public int Transforms { get; init; } = 5;

    public int HiddenFeatures { get; init; } = 64;

    public int Blocks { get; init; } = 2;

    public bool ResidualBlocks { get; init; }

    public bool BatchNorm { get; init; }

    public bool LuLinear { get; init; }

    public required Func<Tensor, Tensor> Activation { get; init; }

    public double Dropout { get; init; }

    /// <summary>PRQ: number of bins K and half-width of the interval that is bent.</summary>
    public int Bins { get; init; } = 8;

    public double TailBound { get; init; } = 1;
}
