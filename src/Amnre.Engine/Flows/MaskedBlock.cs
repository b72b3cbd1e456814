using Amnre.Engine.Networks;
using static TorchSharp.torch;

namespace Amnre.Engine.Flows;

/// <summary>A hidden block of <see cref="Made"/>.</summary>
internal abstract class MaskedBlock : Module
{
    /// <param name="x">(N, H).</param>
    /// <param name="context">(N, Y).</param>
    /// <returns>(N, H).</returns>
    public abstract Tensor Forward(Tensor x, Tensor context);

    protected static BatchNorm Norm(int features, ForwardMode mode) => new(features, mode, epsilon: 1e-3);
}

/// <summary>[batch norm] → masked linear → activation.</summary>
internal sealed class MaskedPlainBlock : MaskedBlock
{
    private readonly BatchNorm? _norm;
    private readonly MaskedLinear _linear;
    private readonly Activation _activation;

    public MaskedPlainBlock(long[] degrees, FlowOptions options, Construction construction)
    {
        _activation = new Activation(options.Activation, inPlace: true, leCun: false, construction.Mode);
        if (options.BatchNorm) _norm = Child("batch_norm", Norm(degrees.Length, construction.Mode));
        _linear = Child("linear", new MaskedLinear(degrees, degrees, strict: false, construction));
    }

    public override Tensor Forward(Tensor x, Tensor context) => _activation.Forward(_linear, _norm?.Forward(x) ?? x);
}

/// <summary>x + masked linear(activation([batch norm] masked linear(activation([batch norm] x)) + linear(context))).</summary>
internal sealed class MaskedResidualBlock : MaskedBlock
{
    /// <summary>Half-width of the last layer's initial weights: a new block is close to the identity.</summary>
    private const double NearlyZero = 1e-3;

    private readonly Linear _context;
    private readonly IReadOnlyList<BatchNorm> _norms = [];
    private readonly IReadOnlyList<MaskedLinear> _linears;
    private readonly Activation _first, _second;

    public MaskedResidualBlock(long[] degrees, int contextSize, FlowOptions options, Construction construction)
    {
        _first = new Activation(options.Activation, inPlace: options.BatchNorm, leCun: false, construction.Mode);
        _second = new Activation(options.Activation, inPlace: true, leCun: false, construction.Mode);
        _context = Child("context_layer", new Linear(contextSize, degrees.Length, bias: true, leCun: false, construction.Weights));
        if (options.BatchNorm)
            _norms = Child("batch_norm_layers",
                new ModuleList<BatchNorm>(Norm(degrees.Length, construction.Mode), Norm(degrees.Length, construction.Mode))).Items;
        _linears = Child("linear_layers", new ModuleList<MaskedLinear>(
            new MaskedLinear(degrees, degrees, strict: false, construction),
            new MaskedLinear(degrees, degrees, strict: false, construction, NearlyZero))).Items;
    }

    public override Tensor Forward(Tensor x, Tensor context)
    {
        var hidden = _linears[0].Forward(_first.Forward(Normed(x, 0))).Increase(_context.Forward(context));
        return _linears[1].Forward(_second.Forward(Normed(hidden, 1))).Increase(x);
    }

    private Tensor Normed(Tensor hidden, int layer) => _norms.Count == 0 ? hidden : _norms[layer].Forward(hidden);
}
