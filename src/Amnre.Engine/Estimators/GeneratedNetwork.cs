using Amnre.Engine.Networks;
using static TorchSharp.torch;

namespace Amnre.Engine.Estimators;

/// <summary>A network whose weights another network makes from a mask: f(·; w(2b − 1)).
/// Ha, Dai and Le, HyperNetworks (ICLR 2017).</summary>
/// <remarks>Its own tensors are stored with the model, made for the mask of all parameters, and are never trained.</remarks>
internal sealed class GeneratedNetwork
{
    private readonly Sequential _network;
    private readonly Sequential _generator;
    private readonly IReadOnlyList<TensorSlot> _weights;

    /// <param name="network">Gives the shape of the computation; its parameters are frozen.</param>
    /// <param name="makeGenerator">Makes the generator with the given number of outputs.</param>
    public GeneratedNetwork(Sequential network, Func<int, Sequential> makeGenerator)
    {
        _network = network;
        _weights = [.. network.State().Where(entry => entry.Slot.IsParameter).Select(entry => entry.Slot)];
        foreach (var slot in _weights) slot.Freeze();
        _generator = makeGenerator((int)_weights.Sum(slot => slot.Value.numel()));
    }

    public Sequential Network => _network;

    public Sequential Generator => _generator;

    /// <summary>The network with the weights of a mask.</summary>
    /// <param name="mask">(1, D), zeros and ones: one mask for all rows.</param>
    public Layer For(Tensor mask) => new Masked(this, mask);

    private Tensor Forward(Tensor mask, Func<Sequential, Tensor> forward)
    {
        var stored = _weights.Select(slot => slot.Value).ToList();
        try
        {
            Generate(mask, (slot, value) => slot.Value = value);
            return forward(_network);
        }
        finally
        {
            for (var i = 0; i < stored.Count; i++) _weights[i].Value = stored[i];
        }
    }

    /// <summary>Writes the weights of <paramref name="mask"/> into the network's own tensors.</summary>
    public void Store(Tensor mask)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        Generate(mask, (slot, value) => slot.Value.copy_(value));
    }

    /// <summary>Cuts the generator's output in the order of registration: a module's own parameters, then its children's.</summary>
    private void Generate(Tensor mask, Action<TensorSlot, Tensor> put)
    {
        var flat = _generator.Forward(mask * Number.Of(2) - Number.Of(1)).view(-1);
        var at = 0L;
        foreach (var slot in _weights)
        {
            var size = slot.Value.numel();
            put(slot, flat.narrow(0, at, size).view(slot.Value.shape));
            at += size;
        }
    }

    private sealed class Masked(GeneratedNetwork network, Tensor mask) : Layer
    {
        public override Tensor Forward(Tensor x) => network.Forward(mask, own => own.Forward(x));

        public override Tensor Forward(Tensor own, Tensor shared) => network.Forward(mask, weighed => weighed.Forward(own, shared));
    }
}
