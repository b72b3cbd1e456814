using Amnre.Engine.Networks;
using static TorchSharp.torch;

namespace Amnre.Engine.Optimization;

/// <summary>All parameters of R models that are alike, as one tensor (R, P) that autograd knows: the gradients of all of them come in
/// two operations, whatever the number of layers and models.</summary>
/// <remarks>A parameter may also be used by itself: both ways lead to the same memory and add to the same gradient.</remarks>
internal sealed class JointParameters : IDisposable
{
    private readonly Tensor _leaf;
    private readonly long[] _sizes;
    private readonly List<(int Piece, long[] Shape, JointTensor Tensor)> _parameters = [];

    /// <param name="values">(R, P).</param>
    /// <param name="gradients">(R, P), added to.</param>
    /// <param name="places">Of each model, in one order: where each parameter begins.</param>
    public JointParameters(Tensor values, Tensor gradients, IReadOnlyList<IReadOnlyList<(TensorSlot Slot, long At)>> places)
    {
        _leaf = values.detach();
        _leaf.requires_grad_(true);
        _leaf.grad = gradients;
        _leaf.DetachFromDisposeScope();
        var (sizes, end) = (new List<long>(), 0L);
        foreach (var (place, (slot, at)) in places[0].Index())
        {
            if (at > end) sizes.Add(at - end);
            var joint = new JointTensor();
            _parameters.Add((sizes.Count, [places.Count, .. slot.Value.shape], joint));
            for (var row = 0; row < places.Count; row++) places[row][place].Slot.Joint = (joint, row);
            sizes.Add(slot.Value.numel());
            end = at + slot.Value.numel();
        }

        if (values.shape[1] > end) sizes.Add(values.shape[1] - end);
        _sizes = [.. sizes];
    }

    /// <summary>Begins a graph; until disposed, layers find the parameters of all models as one.</summary>
    public IDisposable Joined()
    {
        var pieces = _leaf.split(_sizes, 1);
        foreach (var (piece, shape, tensor) in _parameters) tensor.Value = pieces[piece].view(shape);
        return new Parting(this);
    }

    public void Dispose() => _leaf.Dispose();

    private sealed class Parting(JointParameters parameters) : IDisposable
    {
        public void Dispose()
        {
            foreach (var (_, _, tensor) in parameters._parameters) tensor.Value = null;
        }
    }
}
