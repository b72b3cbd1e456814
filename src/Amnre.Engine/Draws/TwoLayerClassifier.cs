using Amnre.Engine.Networks;
using Amnre.Engine.Optimization;
using Amnre.Engine.Randomness;
using TorchSharp;
using static TorchSharp.torch;

namespace Amnre.Engine.Draws;

/// <summary>A ReLU network of two equal layers with one logit, trained by Adam. Its derivatives are written out and its parameters are one
/// vector: at this size the bookkeeping of automatic differentiation would take longer than the arithmetic.</summary>
internal sealed class TwoLayerClassifier : IDisposable
{
    private const double Rate = 1e-3, Decay = 1e-4;

    private readonly Tensor _parameters, _gradient, _decayed;
    private readonly AdamW _adam;
    private readonly (Tensor Weight, Tensor Bias)[] _layers, _gradients;

    /// <param name="inputs">D.</param>
    /// <param name="width">Units in each layer.</param>
    /// <param name="seed">Names the initial weights.</param>
    /// <param name="index">Which of the seed's networks.</param>
    public TwoLayerClassifier(int inputs, int width, ulong seed, int index)
    {
        (int In, int Out)[] shapes = [(inputs, width), (width, width), (width, 1)];
        var random = new CounterRandom(seed, RandomPurpose.InitialWeights, (ulong)index);
        var (values, decayed) = (new List<float>(), new List<float>());
        foreach (var (fanIn, fanOut) in shapes)
        {
            // Glorot and Bengio (2010), weights and biases alike, as in scikit-learn.
            var bound = (float)Math.Sqrt(6.0 / (fanIn + fanOut));
            for (var i = 0; i < (fanIn + 1) * fanOut; i++)
            {
                values.Add(bound * (2 * random.NextSingle() - 1));
                decayed.Add(i < fanIn * fanOut ? 1 : 0);
            }
        }

        (_parameters, _decayed) = (tensor(values.ToArray()), tensor(decayed.ToArray()));
        _gradient = zeros_like(_parameters);
        // The penalty is part of the gradient here, as in Adam as such.
        _adam = new AdamW(_parameters, _gradient, weightDecay: 0, amsGrad: false);
        (_layers, _gradients) = (Views(_parameters, shapes), Views(_gradient, shapes));
    }

    /// <param name="x">(N, D).</param>
    /// <returns>(N).</returns>
    public Tensor Logits(Tensor x)
    {
        var second = Layer(1, Layer(0, x).relu_()).relu_();
        return Layer(2, second).squeeze(1);
    }

    /// <summary>One step of Adam.</summary>
    /// <param name="x">(N, D).</param>
    /// <param name="labels">(N), 0 or 1.</param>
    /// <returns>The loss before it, cross-entropy and ½ · 1e-4 · ‖weights‖² / N.</returns>
    public Tensor Step(Tensor x, Tensor labels)
    {
        var rows = x.shape[0];
        using var share = (1.0 / rows).ToScalar();
        using var decay = (Decay / rows).ToScalar();
        using var halfDecay = (0.5 * Decay / rows).ToScalar();
        var first = Layer(0, x).relu_();
        var second = Layer(1, first).relu_();
        var logits = Layer(2, second).squeeze(1);
        var penalised = _parameters * _decayed;
        var loss = nn.functional.binary_cross_entropy_with_logits(logits, labels).Plus((penalised * penalised).sum().mul(halfDecay));

        var slope = (logits.sigmoid() - labels).mul_(share).unsqueeze(1);
        slope = Back(2, slope, second);
        slope = Back(1, slope, first);
        Back(0, slope, x, isInput: true);
        _gradient.add_(penalised, alpha: decay);
        _adam.Step(Rate);
        return loss;
    }

    public void Dispose() => _adam.Dispose();

    private Tensor Layer(int k, Tensor x) => addmm(_layers[k].Bias, x, _layers[k].Weight, 1, 1);

    /// <summary>Derivatives of a layer's parameters, and of what it was given where that came out of a ReLU.</summary>
    private Tensor Back(int k, Tensor slope, Tensor given, bool isInput = false)
    {
        _gradients[k].Weight.copy_(given.t().mm(slope));
        _gradients[k].Bias.copy_(slope.sum(0));
        return isInput ? slope : slope.mm(_layers[k].Weight.t()).mul_(given.gt(Number.Of(0)));
    }

    private static (Tensor Weight, Tensor Bias)[] Views(Tensor flat, (int In, int Out)[] shapes)
    {
        var views = new (Tensor, Tensor)[shapes.Length];
        for (int k = 0, start = 0; k < shapes.Length; start += (shapes[k].In + 1) * shapes[k].Out, k++)
            views[k] = (flat.narrow(0, start, shapes[k].In * shapes[k].Out).view(shapes[k].In, shapes[k].Out),
                flat.narrow(0, start + shapes[k].In * shapes[k].Out, shapes[k].Out));
        return views;
    }
}
