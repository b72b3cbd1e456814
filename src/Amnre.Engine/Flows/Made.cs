using Amnre.Engine.Networks;
using static TorchSharp.torch;

namespace Amnre.Engine.Flows;

/// <summary>Masked autoencoder: output group i is a function of inputs 1..i−1 and of the context.
/// Germain, Gregor, Murray, Larochelle (ICML 2015).</summary>
internal sealed class Made : Module
{
    private readonly MaskedLinear _initial, _final;
    private readonly Linear _context;
    private readonly IReadOnlyList<MaskedBlock> _blocks;
    private readonly Activation _activation;
    private readonly bool _residual;

    /// <param name="size">Number of inputs D.</param>
    /// <param name="contextSize">Width of the context.</param>
    /// <param name="multiplier">Outputs for each input.</param>
    public Made(int size, int contextSize, int multiplier, FlowOptions options, Construction construction)
    {
        _activation = new Activation(options.Activation, inPlace: true, leCun: false, construction.Mode);
        _residual = options.ResidualBlocks;
        var inputs = Enumerable.Range(1, size).Select(degree => (long)degree).ToArray();
        var cycle = Math.Max(1, size - 1);
        var least = Math.Min(1, size - 1);
        // In order, so that masks are staircases: the original's go round, which is the same network with units in another order.
        var hidden = Enumerable.Range(0, options.HiddenFeatures).Select(i => (long)i * cycle / options.HiddenFeatures + least).ToArray();
        var outputs = inputs.SelectMany(degree => Enumerable.Repeat(degree, multiplier)).ToArray();

        _initial = Child("initial_layer", new MaskedLinear(inputs, hidden, strict: false, construction));
        _context = Child("context_layer", new Linear(contextSize, options.HiddenFeatures, bias: true, leCun: false, construction.Weights));
        MaskedBlock[] blocks = [.. Enumerable.Range(0, options.Blocks).Select<int, MaskedBlock>(_ => options.ResidualBlocks
            ? new MaskedResidualBlock(hidden, contextSize, options, construction)
            : new MaskedPlainBlock(hidden, options, construction))];
        _blocks = Child("blocks", new ModuleList<MaskedBlock>(blocks)).Items;
        _final = Child("final_layer", new MaskedLinear(hidden, outputs, strict: true, construction));
    }

    /// <param name="x">(N, D).</param>
    /// <param name="context">(N, Y).</param>
    /// <returns>(N, D · multiplier).</returns>
    public Tensor Forward(Tensor x, Tensor context)
    {
        var hidden = _initial.Forward(x).Increase(_activation.Forward(_context, context));
        if (!_residual) hidden = _activation.Forward(hidden);
        foreach (var block in _blocks) hidden = block.Forward(hidden, context);
        return _final.Forward(hidden);
    }
}
