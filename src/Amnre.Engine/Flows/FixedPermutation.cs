using Amnre.Engine.Networks;
using static TorchSharp.torch;

namespace Amnre.Engine.Flows;

/// <summary>Reorders the parameters: z_i = theta_{p(i)} with p drawn once, at construction.</summary>
internal sealed class FixedPermutation : Module, IFlowTransform
{
    private readonly TensorSlot _order;

    public FixedPermutation(int size, InitialWeights weights) => _order = Buffer("_permutation", tensor(weights.Permutation(size)));

    public (Tensor Outputs, Tensor LogDeterminant) Forward(Tensor inputs, Tensor context) =>
        (inputs.index_select(1, _order.Value), inputs.new_zeros(inputs.shape[0]));

    public (Tensor Outputs, Tensor LogDeterminant) Inverse(Tensor inputs, Tensor context) =>
        (inputs.index_select(1, _order.Value.argsort()), inputs.new_zeros(inputs.shape[0]));
}
