using TorchSharp;
using static TorchSharp.torch;

namespace Amnre.Engine.Networks;

/// <summary>Sums and squares of tensors.</summary>
/// <remarks>TorchSharp's own take a hidden factor or exponent, made for each call: see <see cref="Number"/>, whose
/// numbers take their place here. The others are banned.</remarks>
internal static class Sums
{
    private static readonly Scalar One = Number.Of(1L), Two = Number.Of(2L);

    /// <summary>a + b.</summary>
    public static Tensor Plus(this Tensor a, Tensor b) => a.add(b, One);

    /// <inheritdoc cref="Plus(Tensor, Tensor)"/>
    public static Tensor Plus(this Tensor a, Scalar b) => a.add(b, One);

    /// <summary>a ← a + b.</summary>
    public static Tensor Increase(this Tensor a, Tensor b) => a.add_(b, One);

    /// <inheritdoc cref="Increase(Tensor, Tensor)"/>
    public static Tensor Increase(this Tensor a, Scalar b) => a.add_(b, One);

    /// <summary>1 − a.</summary>
    public static Tensor Complement(this Tensor a) => a.neg().Plus(One);

    /// <summary>a².</summary>
    public static Tensor Squared(this Tensor a) => a.pow(Two);
}
