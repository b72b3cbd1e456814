using static TorchSharp.torch;

namespace Amnre.Engine.Networks;

/// <summary>A network and what it is given.</summary>
/// <param name="Network">Of one output.</param>
/// <param name="Input">(N, input size).</param>
internal readonly record struct NetworkInput(Layer Network, Tensor Input)
{
    /// <summary>The outputs of K networks, alike but for the width of their inputs.</summary>
    /// <returns>(K, N).</returns>
    public static Tensor Forward(IReadOnlyList<NetworkInput> networks)
    {
        if (networks is [var only]) return only.Network.Forward(only.Input).t();

        var width = networks.Max(one => one.Input.shape[1]);
        var inputs = networks.Select(one => one.Input.shape[1] == width
            ? one.Input
            : nn.functional.pad(one.Input, [0, width - one.Input.shape[1]]));
        return Layer.Forward([.. networks.Select(one => one.Network)], stack([.. inputs])).squeeze(2);
    }
}
