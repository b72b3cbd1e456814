using Amnre.Engine.Networks;
using static TorchSharp.torch;

namespace Amnre.Engine.Optimization;

/// <summary>All parameters of a module as views of one flat vector, and all gradients as views of another, so that clipping and
/// an optimiser step are a handful of calls however many layers there are.</summary>
/// <remarks>Backward adds into gradients that exist, so the views stay; zero them before each backward. Each parameter begins at
/// a multiple of 64 bytes; the gaps hold zeros, whose gradients are zero, and stay zero.</remarks>
internal sealed class FlatParameters : IDisposable
{
    private const long Alignment = 64;

    public FlatParameters(Module module, ScalarType type, Device device)
        : this(module, zeros(Length(module, type), type, device), zeros(Length(module, type), type, device))
    {
    }

    /// <param name="module">Moved to the device; its parameters become views.</param>
    /// <param name="values">Zeros, as many as all parameters take.</param>
    /// <param name="gradients">As many zeros.</param>
    private FlatParameters(Module module, Tensor values, Tensor gradients)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        (Values, Gradients) = (values.DetachFromDisposeScope(), gradients.DetachFromDisposeScope());
        var slots = module.State().Select(entry => entry.Slot).ToList();
        foreach (var slot in slots.Where(slot => !slot.IsParameter))
            Exchange(slot, slot.Value.to(Cast(slot.Value, values.dtype), values.device));
        foreach (var (slot, at) in Places(module, values.dtype))
        {
            var view = View(Values, at, slot);
            view.copy_(slot.Value);
            var leaf = view.detach();
            leaf.requires_grad_(true);
            leaf.grad = View(Gradients, at, slot);
            Exchange(slot, leaf);
        }
    }

    public Tensor Values { get; }

    public Tensor Gradients { get; }

    /// <summary>Those of models that are alike, in one piece of memory, so that they are one tensor too.</summary>
    public static (IReadOnlyList<FlatParameters> Each, JointParameters Joint) Of(IReadOnlyList<Module> modules, ScalarType type,
        Device device)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var shape = new[] { modules.Count, Length(modules[0], type) };
        var (values, gradients) = (zeros(shape, type, device), zeros(shape, type, device));
        return (
            [.. modules.Select((module, row) => new FlatParameters(module, values[row], gradients[row]))],
            new JointParameters(values, gradients, [.. modules.Select(module => Places(module, type).ToList())]));
    }

    public void Dispose()
    {
        Values.Dispose();
        Gradients.Dispose();
    }

    private static Tensor View(Tensor flat, long at, TensorSlot slot) => flat.narrow(0, at, slot.Value.numel()).view(slot.Value.shape);

    private static IEnumerable<(TensorSlot Slot, long At)> Places(Module module, ScalarType type)
    {
        var at = 0L;
        foreach (var slot in module.State().Select(entry => entry.Slot).Where(slot => slot.IsParameter))
        {
            yield return (slot, at);
            at += Padded(slot, type);
        }
    }

    private static long Length(Module module, ScalarType type) =>
        module.State().Where(entry => entry.Slot.IsParameter).Sum(entry => Padded(entry.Slot, type));

    private static void Exchange(TensorSlot slot, Tensor value)
    {
        if (ReferenceEquals(slot.Value, value)) return;
        slot.Value.Dispose();
        slot.Value = value.DetachFromDisposeScope();
    }

    // Masks and counters keep their types.
    private static ScalarType Cast(Tensor tensor, ScalarType type) => tensor.is_floating_point() ? type : tensor.dtype;

    private static long Padded(TensorSlot slot, ScalarType type)
    {
        var step = Alignment / (type == ScalarType.Float64 ? 8 : 4);
        return (slot.Value.numel() + step - 1) / step * step;
    }
}
