using Amnre.Engine.Randomness;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Amnre.Engine.Flows;

/// <summary>[batch norm] → masked linear → activation.</summary>
internal sealed class MaskedPlainBlock : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly (BatchNorm1d? Norm, MaskedLinear Linear) _layers;
    private readonly FlowSettings _settings;

    public MaskedPlainBlock(long[] degrees, FlowSettings settings, ref CounterRandom random) : base(nameof(MaskedPlainBlock))
    {
        _settings = settings;
        if (settings.BatchNorm) register_module("batch_norm", _layers.Norm = MaskedResidualBlock.Norm(degrees.Length));
        register_module("linear", _layers.Linear = new MaskedLinear(degrees, degrees, strict: false, ref random));
    }

    public override Tensor forward(Tensor input, Tensor context)
    {
        var hidden = _layers.Linear.forward(_layers.Norm is null ? input : _layers.Norm.forward(input));
        return nn.functional.dropout(_settings.Activation(hidden), _settings.Dropout, training);
    }
}

/// <summary>input + masked linear(activation([batch norm] masked linear(activation([batch norm] input)) + linear(context))).</summary>
internal sealed class MaskedResidualBlock : nn.Module<Tensor, Tensor, Tensor>
{
    /// <summary>Half-width of the last layer's initial weights: a new block is close to the identity.</summary>
    private const double NearlyZero = 1e-3;

    private readonly BatchNorm1d[] _norms = [];
    private readonly MaskedLinear[] _linears;
    private readonly Linear[] _context;
    private readonly FlowSettings _settings;

    public MaskedResidualBlock(long[] degrees, int contextSize, FlowSettings settings, ref CounterRandom random)
        : base(nameof(MaskedResidualBlock))
    {
        _settings = settings;
        _context = [Made.Dense(contextSize, degrees.Length, ref random)];
        register_module("context_layer", _context[0]);
        if (settings.BatchNorm)
        {
            _norms = [Norm(degrees.Length), Norm(degrees.Length)];
            register_module("batch_norm_layers", nn.ModuleList(_norms));
        }

        _linears =
        [
            new MaskedLinear(degrees, degrees, strict: false, ref random),
            new MaskedLinear(degrees, degrees, strict: false, ref random, NearlyZero),
        ];
        register_module("linear_layers", nn.ModuleList(_linears));
    }

    public override Tensor forward(Tensor input, Tensor context)
    {
        var hidden = _linears[0].forward(_settings.Activation(Normed(input, 0))) + _context[0].forward(context);
        hidden = nn.functional.dropout(_settings.Activation(Normed(hidden, 1)), _settings.Dropout, training);
        return input + _linears[1].forward(hidden);
    }

    internal static BatchNorm1d Norm(int features) => nn.BatchNorm1d(features, eps: 1e-3);

    private Tensor Normed(Tensor hidden, int layer) => _norms.Length == 0 ? hidden : _norms[layer].forward(hidden);
}
