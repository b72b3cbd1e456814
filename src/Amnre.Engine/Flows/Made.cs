using Amnre.Engine.Randomness;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Amnre.Engine.Flows;

/// <summary>Masked autoencoder: output group i is a function of inputs 1..i−1 and of the context.
/// Germain, Gregor, Murray, Larochelle (ICML 2015).</summary>
internal sealed class Made : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly (MaskedLinear Initial, Linear Context, MaskedLinear Final) _layers;
    private readonly nn.Module<Tensor, Tensor, Tensor>[] _blocks;
    private readonly FlowSettings _settings;

    /// <param name="size">Number of inputs D.</param>
    /// <param name="contextSize">Width of the context.</param>
    /// <param name="multiplier">Outputs for each input.</param>
    public Made(int size, int contextSize, int multiplier, FlowSettings settings, ref CounterRandom random) : base(nameof(Made))
    {
        _settings = settings;
        var inputs = Enumerable.Range(1, size).Select(degree => (long)degree).ToArray();
        var cycle = Math.Max(1, size - 1);
        var least = Math.Min(1, size - 1);
        var hidden = Enumerable.Range(0, settings.HiddenFeatures).Select(i => (long)(i % cycle + least)).ToArray();
        var outputs = inputs.SelectMany(degree => Enumerable.Repeat(degree, multiplier)).ToArray();

        register_module("initial_layer", _layers.Initial = new MaskedLinear(inputs, hidden, strict: false, ref random));
        register_module("context_layer", _layers.Context = Dense(contextSize, settings.HiddenFeatures, ref random));
        _blocks = new nn.Module<Tensor, Tensor, Tensor>[settings.Blocks];
        for (var i = 0; i < _blocks.Length; i++)
            _blocks[i] = settings.ResidualBlocks
                ? new MaskedResidualBlock(hidden, contextSize, settings, ref random)
                : new MaskedPlainBlock(hidden, settings, ref random);
        register_module("blocks", nn.ModuleList(_blocks));
        register_module("final_layer", _layers.Final = new MaskedLinear(hidden, outputs, strict: true, ref random));
    }

    public override Tensor forward(Tensor input, Tensor context)
    {
        var hidden = _layers.Initial.forward(input) + _settings.Activation(_layers.Context.forward(context));
        if (!_settings.ResidualBlocks) hidden = _settings.Activation(hidden);
        foreach (var block in _blocks) hidden = block.forward(hidden, context);
        return _layers.Final.forward(hidden);
    }

    /// <summary>A dense layer with PyTorch's initial distribution, drawn from <paramref name="random"/>.</summary>
    internal static Linear Dense(int inputs, int outputs, ref CounterRandom random)
    {
        var layer = nn.Linear(inputs, outputs);
        var bound = 1 / Math.Sqrt(inputs);
        using var noGrad = no_grad();
        layer.weight.copy_(MaskedLinear.Uniform(ref random, bound, outputs, inputs));
        layer.bias!.copy_(MaskedLinear.Uniform(ref random, bound, outputs));
        return layer;
    }
}
