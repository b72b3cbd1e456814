using static TorchSharp.torch;

namespace Amnre.Engine.Networks;

/// <summary>A layer x Wᵀ + b.</summary>
internal interface IAffineLayer
{
    /// <summary>b, (output); null for none.</summary>
    Tensor? Bias { get; }

    /// <summary>x Wᵀ, new and no one else's.</summary>
    Tensor Product(Tensor x);

    /// <summary>x Wᵀ + b.</summary>
    Tensor Forward(Tensor x);
}
