using Amnre.Engine.Networks;
using static TorchSharp.torch;

namespace Amnre.Engine.Optimization;

/// <summary>The weights of an estimator in training, and the copies of them that training keeps: their moving average and those
/// of the best epoch.</summary>
/// <remarks>"Offered" weights are those that are validated and written: the average where there is one, the live ones otherwise.</remarks>
internal sealed class ModelWeights : IDisposable
{
    private const string Live = "parameters", AverageName = "average", BestName = "best", BufferPrefix = "buffer.",
        BestBufferPrefix = "best.buffer.";

    private readonly FlatParameters _flat;
    private readonly List<(string Path, TensorSlot Slot)> _buffers;
    private readonly double _decay;
    private readonly Tensor? _average;
    private readonly Tensor _best;
    private readonly Dictionary<string, Tensor> _bestBuffers;

    /// <param name="module">Gives the buffers.</param>
    /// <param name="flat">Its parameters; owned from now on.</param>
    /// <param name="decay">Decay of the moving average for each update; 0 for none.</param>
    public ModelWeights(Module module, FlatParameters flat, double decay)
    {
        using var off = no_grad();
        _flat = flat;
        _buffers = [.. module.State().Where(entry => !entry.Slot.IsParameter)];
        _decay = decay;
        if (decay > 0) _average = _flat.Values.clone().DetachFromDisposeScope();
        _best = _flat.Values.clone().DetachFromDisposeScope();
        _bestBuffers = _buffers.ToDictionary(entry => entry.Path, entry => entry.Slot.Value.clone().DetachFromDisposeScope());
    }

    public FlatParameters Flat => _flat;

    /// <summary>Moves the average towards the live weights: a ← a + (1 - d)(w - a), d = min(decay, (1 + t)/(10 + t)), so that the
    /// first weights are soon forgotten.</summary>
    /// <param name="updates">t, updates made so far.</param>
    public void Average(long updates) =>
        _average?.lerp_(_flat.Values, 1 - Math.Min(_decay, (1.0 + updates) / (10.0 + updates)));

    /// <summary>Puts the offered weights in place of the live ones until disposed; null where they are the same. Call, and dispose,
    /// without gradient recording.</summary>
    public IDisposable? Offered()
    {
        if (_average is null) return null;
        var live = new LiveAside(_flat.Values);
        _flat.Values.copy_(_average);
        return live;
    }

    /// <summary>Remembers the offered weights, and the buffers, as the best so far.</summary>
    public void KeepBest()
    {
        _best.copy_(_average ?? _flat.Values);
        foreach (var (path, slot) in _buffers) _bestBuffers[path].copy_(slot.Value);
    }

    /// <summary>Puts the offered weights into the module, for good.</summary>
    public void Offer()
    {
        if (_average is not null) _flat.Values.copy_(_average);
    }

    /// <summary>Puts the best weights and their buffers into the module, for good.</summary>
    public void OfferBest()
    {
        _flat.Values.copy_(_best);
        foreach (var (path, slot) in _buffers) slot.Value.copy_(_bestBuffers[path]);
    }

    /// <summary>Everything held, by name.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> Tensors()
    {
        yield return (Live, _flat.Values);
        if (_average is not null) yield return (AverageName, _average);
        yield return (BestName, _best);
        foreach (var (path, slot) in _buffers) yield return (BufferPrefix + path, slot.Value);
        foreach (var (path, tensor) in _bestBuffers) yield return (BestBufferPrefix + path, tensor);
    }

    public void Dispose()
    {
        _flat.Dispose();
        _average?.Dispose();
        _best.Dispose();
        foreach (var tensor in _bestBuffers.Values) tensor.Dispose();
    }

    private sealed class LiveAside(Tensor values) : IDisposable
    {
        private readonly Tensor _live = values.clone().DetachFromDisposeScope();

        public void Dispose()
        {
            values.copy_(_live);
            _live.Dispose();
        }
    }
}
