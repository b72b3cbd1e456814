using System.Globalization;
using static TorchSharp.torch;

namespace Amnre.Engine.Networks;

/// <summary>Something with named tensors, in a tree. Paths and their order are those of PyTorch's state dictionary: a module's
/// own parameters, its own buffers, then its children, each in order of registration.</summary>
internal abstract class Module : IDisposable
{
    private readonly List<(string Name, TensorSlot Slot)> _parameters = [];
    private readonly List<(string Name, TensorSlot Slot)> _buffers = [];
    private readonly List<(string Name, Module Module)> _children = [];

    /// <summary>All tensors with their paths, such as <c>net.0.weight</c>.</summary>
    public IEnumerable<(string Path, TensorSlot Slot)> State()
    {
        foreach (var own in _parameters.Concat(_buffers)) yield return own;
        foreach (var (name, child) in _children)
            foreach (var (path, slot) in child.State())
                yield return ($"{name}.{path}", slot);
    }

    /// <summary>Puts copies on a device in the place of all tensors.</summary>
    public void MoveTo(Device device)
    {
        foreach (var (_, slot) in State())
        {
            using var old = slot.Value;
            slot.Value = old.to(device, disposeAfter: false).clone().DetachFromDisposeScope();
        }
    }

    public void Dispose()
    {
        foreach (var (_, slot) in State()) slot.Value.Dispose();
    }

    protected TensorSlot Parameter(string name, Tensor initial) => Add(_parameters, name, initial, isParameter: true);

    protected TensorSlot Buffer(string name, Tensor initial) => Add(_buffers, name, initial, isParameter: false);

    /// <param name="name">Its part of the paths; with dots where files of the original have more parts.</param>
    /// <param name="module">Owned from now on.</param>
    protected T Child<T>(string name, T module) where T : Module
    {
        _children.Add((name, module));
        return module;
    }

    private static TensorSlot Add(List<(string Name, TensorSlot Slot)> slots, string name, Tensor initial, bool isParameter)
    {
        var slot = new TensorSlot(initial.DetachFromDisposeScope(), isParameter);
        slots.Add((name, slot));
        return slot;
    }
}

/// <summary>Modules named 0, 1, 2, ….</summary>
internal sealed class ModuleList<T> : Module where T : Module
{
    public ModuleList(params IReadOnlyList<T> items)
    {
        Items = items;
        for (var i = 0; i < items.Count; i++) Child(i.ToString(CultureInfo.InvariantCulture), items[i]);
    }

    public IReadOnlyList<T> Items { get; }
}

/// <summary>A module that maps rows to rows.</summary>
internal abstract class Layer : Module
{
    /// <param name="x">(N, input size).</param>
    /// <returns>(N, output size).</returns>
    public abstract Tensor Forward(Tensor x);

    /// <summary>Of rows in M blocks, whose last columns are the same in every block.</summary>
    /// <param name="own">(M N, first columns).</param>
    /// <param name="shared">(N, last columns).</param>
    /// <returns>(M N, output size).</returns>
    public virtual Tensor Forward(Tensor own, Tensor shared) =>
        Forward(cat([own, shared.repeat(own.shape[0] / shared.shape[0], 1)], 1));

    /// <summary>The same layer of K models at once: few large operations instead of K times as many small ones.</summary>
    /// <param name="layers">This layer in each model; all are alike but for the width of the input, beyond which <paramref name="x"/> is
    /// zero.</param>
    /// <param name="x">(K, N, greatest input size).</param>
    /// <returns>(K, N, output size).</returns>
    public static Tensor Forward(IReadOnlyList<Layer> layers, Tensor x) => layers[0].Stacked(layers, x);

    /// <inheritdoc cref="Forward(Tensor, Tensor)"/>
    /// <param name="layers">As <see cref="Forward(IReadOnlyList{Layer}, Tensor)"/> takes them.</param>
    /// <param name="own">(K, M N, greatest number of first columns).</param>
    /// <param name="shared">(K, N, last columns).</param>
    /// <returns>(K, M N, output size).</returns>
    public static Tensor Forward(IReadOnlyList<Layer> layers, Tensor own, Tensor shared) => layers[0].Stacked(layers, own, shared);

    /// <summary>One after the other, where nothing better is known.</summary>
    protected virtual Tensor Stacked(IReadOnlyList<Layer> layers, Tensor x) => stack([.. layers.Select((layer, k) => layer.Forward(x[k]))]);

    /// <inheritdoc cref="Stacked(IReadOnlyList{Layer}, Tensor)"/>
    protected virtual Tensor Stacked(IReadOnlyList<Layer> layers, Tensor own, Tensor shared) =>
        stack([.. layers.Select((layer, k) => layer.Forward(own[k], shared[k]))]);
}
