using Amnre.Engine.Networks;
using static TorchSharp.torch;

namespace Amnre.Engine.Training;

/// <summary>All parameters of a module as views of one flat vector, and all gradients as views of another, so that clipping and
/// an optimiser step are a handful of calls however many layers there are.</summary>
/// <remarks>Backward adds into gradients that exist, so the views stay; zero them before each backward. Each parameter begins at
/// a multiple of 64 bytes; the gaps hold zeros, whose gradients are zero, and stay zero.</remarks>
internal sealed class FlatParameters : IDisposable
{
    private const long Alignment = 64;

    public FlatParameters(Module module, ScalarType type, Device device)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var slots = module.State().Select(entry => entry.Slot).ToList();
        foreach (var slot in slots.Where(slot => !slot.IsParameter)) Exchange(slot, slot.Value.to(Cast(slot.Value, type), device));

        var parameters = slots.Where(slot => slot.IsParameter).ToList();
        var step = Alignment / (type == ScalarType.Float64 ? 8 : 4);
        var length = parameters.Sum(slot => Padded(slot.Value.numel(), step));
        Values = zeros(length, type, device).DetachFromDisposeScope();
        Gradients = zeros(length, type, device).DetachFromDisposeScope();
        var at = 0L;
        foreach (var slot in parameters)
        {
            var (size, shape) = (slot.Value.numel(), slot.Value.shape);
            var view = Values.narrow(0, at, size).view(shape);
            view.copy_(slot.Value);
            var leaf = view.detach();
            leaf.requires_grad_(true);
            leaf.grad = Gradients.narrow(0, at, size).view(shape);
            Exchange(slot, leaf);
            at += Padded(size, step);
        }
    }

    public Tensor Values { get; }

    public Tensor Gradients { get; }

    public void Dispose()
    {
        Values.Dispose();
        Gradients.Dispose();
    }

    private static void Exchange(TensorSlot slot, Tensor value)
    {
        if (ReferenceEquals(slot.Value, value)) return;
        slot.Value.Dispose();
        slot.Value = value.DetachFromDisposeScope();
    }

    // Masks and counters keep their types.
    private static ScalarType Cast(Tensor tensor, ScalarType type) => tensor.is_floating_point() ? type : tensor.dtype;

    private static long Padded(long size, long step) => (size + step - 1) / step * step;
}
