using static TorchSharp.torch;

namespace Amnre.Engine.Networks;

/// <summary>A network and what it is given: rows in M blocks of N, whose last columns are the same in every block.</summary>
/// <param name="Network">Of one output.</param>
/// <param name="Own">(M N, first columns).</param>
/// <param name="Shared">(N, last columns).</param>
internal readonly record struct NetworkInput(Layer Network, Tensor Own, Tensor Shared)
{
    /// <summary>The outputs of K networks, alike but for the width of their inputs.</summary>
    /// <returns>(K, M N).</returns>
    public static Tensor Forward(IReadOnlyList<NetworkInput> networks)
    {
        var inputs = Joined(networks);
        if (networks is [var only]) return only.Network.Forward(inputs[0]).t();
        return Layer.Forward([.. networks.Select(one => one.Network)], Stacked(inputs)).squeeze(2);
    }

    /// <summary>The same but for rounding, with what the shared columns add to the first layer computed once for all blocks.</summary>
    public static Tensor ForwardShared(IReadOnlyList<NetworkInput> networks)
    {
        if (networks is [var only]) return only.Network.Forward(only.Own, only.Shared).t();
        return Layer.Forward([.. networks.Select(one => one.Network)], Stacked([.. networks.Select(one => one.Own)]),
            stack([.. networks.Select(one => one.Shared)])).squeeze(2);
    }

    private static List<Tensor> Joined(IReadOnlyList<NetworkInput> networks)
    {
        // What several networks share is repeated once for all of them.
        var repeated = new Dictionary<Tensor, Tensor>(ReferenceEqualityComparer.Instance);
        return [.. networks.Select(one => cat([one.Own, Repeated(one.Shared, one.Own.shape[0] / one.Shared.shape[0])], 1))];

        Tensor Repeated(Tensor shared, long blocks) => blocks == 1 ? shared
            : repeated.TryGetValue(shared, out var known) ? known : repeated[shared] = shared.repeat(blocks, 1);
    }

    /// <summary>Filled up to the same width.</summary>
    private static Tensor Stacked(IReadOnlyList<Tensor> inputs)
    {
        var width = inputs.Max(one => one.shape[1]);
        return stack([.. inputs.Select(one => one.shape[1] == width ? one : nn.functional.pad(one, [0, width - one.shape[1]]))]);
    }
}
