using Amnre.Engine.Randomness;
using static TorchSharp.torch;

namespace Amnre.Engine.Flows;

/// <summary>Reorders the parameters: z_i = theta_{p(i)} with p drawn once, at construction.</summary>
internal sealed class FixedPermutation : nn.Module, IFlowTransform
{
    public FixedPermutation(int size, ref CounterRandom random) : base(nameof(FixedPermutation))
    {
        var order = new long[size];
        for (var i = 0; i < size; i++) order[i] = i;
        random.Shuffle<long>(order);
        register_buffer("_permutation", tensor(order));
    }

    // Looked up, because moving a module to another type or device replaces its tensors.
    private Tensor Order => get_buffer("_permutation")!;

    public (Tensor Outputs, Tensor LogDeterminant) Forward(Tensor inputs, Tensor context) =>
        (inputs.index_select(1, Order), inputs.new_zeros(inputs.shape[0]));

    public (Tensor Outputs, Tensor LogDeterminant) Inverse(Tensor inputs, Tensor context) =>
        (inputs.index_select(1, Order.argsort()), inputs.new_zeros(inputs.shape[0]));
}
