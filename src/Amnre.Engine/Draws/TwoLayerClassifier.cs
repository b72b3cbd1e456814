using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using Amnre.Engine.Elementwise;
using Amnre.Engine.Optimization;
using Amnre.Engine.Randomness;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Amnre.Engine.Draws;

/// <summary>A ReLU network of two equal layers with one logit, trained by Adam. Its derivatives are written out and its parameters are one
/// vector: at this size the bookkeeping of automatic differentiation, and of one operation for each sum, would take longer than the
/// arithmetic.</summary>
internal sealed class TwoLayerClassifier : IDisposable
{
    private const double Rate = 1e-3, Decay = 1e-4;

    private readonly Tensor _parameters, _gradient;
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
        var values = new List<float>();
        foreach (var (fanIn, fanOut) in shapes)
        {
            // Glorot and Bengio (2010), weights and biases alike, as in scikit-learn.
            var bound = (float)Math.Sqrt(6.0 / (fanIn + fanOut));
            for (var i = 0; i < (fanIn + 1) * fanOut; i++) values.Add(bound * (2 * random.NextSingle() - 1));
        }

        _parameters = tensor(values.ToArray());
        _gradient = zeros_like(_parameters);
        // The penalty is part of the gradient here, as in Adam as such.
        _adam = new AdamW(_parameters, _gradient, weightDecay: 0, amsGrad: false);
        (_layers, _gradients) = (Views(_parameters, shapes), Views(_gradient, shapes));
    }

    /// <param name="x">(N, D).</param>
    /// <returns>(N).</returns>
    public float[] Logits(Tensor x) => Outputs(Hidden(1, Hidden(0, x)));

    /// <summary>One step of Adam.</summary>
    /// <param name="x">(N, D).</param>
    /// <param name="labels">(N), 0 or 1.</param>
    /// <returns>The loss before it, cross-entropy and ½ · 1e-4 · ‖weights‖² / N.</returns>
    public double Step(Tensor x, ReadOnlySpan<float> labels)
    {
        var first = Hidden(0, x);
        var second = Hidden(1, first);
        var slopes = Outputs(second);
        var loss = 0.0;
        for (var i = 0; i < slopes.Length; i++)
        {
            var logit = slopes[i];
            loss += Math.Max(logit, 0) - logit * labels[i] + Math.Log(1 + Math.Exp(-Math.Abs(logit)));
            slopes[i] = (float)((1 / (1 + Math.Exp(-logit)) - labels[i]) / labels.Length);
        }

        _gradient.zero_();
        using var slope = empty_like(second);
        OutputBack(slopes, second, slope);
        HiddenBack(1, slope, first);
        using var before = slope.mm(_layers[1].Weight.t());
        Cut(before, first);
        HiddenBack(0, before, x);
        foreach (var (layer, gradient) in _layers.Zip(_gradients))
        {
            var weight = SinglePass.Numbers(layer.Weight);
            TensorPrimitives.MultiplyAdd(weight, (float)Decay / labels.Length, SinglePass.Numbers(gradient.Weight),
                SinglePass.Numbers(gradient.Weight));
            loss += 0.5 * Decay * TensorPrimitives.SumOfSquares<float>(weight);
        }

        _adam.Step(Rate);
        return loss / labels.Length;
    }

    public void Dispose() => _adam.Dispose();

    /// <summary>max(x W + b, 0).</summary>
    private Tensor Hidden(int k, Tensor x)
    {
        var hidden = x.mm(_layers[k].Weight);
        var all = SinglePass.Numbers(hidden);
        ReadOnlySpan<float> shift = SinglePass.Numbers(_layers[k].Bias);
        for (var at = 0; at < all.Length; at += shift.Length)
        {
            var row = all.Slice(at, shift.Length);
            TensorPrimitives.Add(row, shift, row);
            TensorPrimitives.Max(row, 0, row);
        }

        return hidden;
    }

    private float[] Outputs(Tensor second)
    {
        ReadOnlySpan<float> all = SinglePass.Numbers(second), weight = SinglePass.Numbers(_layers[2].Weight);
        var logits = new float[all.Length / weight.Length];
        var bias = SinglePass.Numbers(_layers[2].Bias)[0];
        for (var i = 0; i < logits.Length; i++)
            logits[i] = TensorPrimitives.Dot(all.Slice(i * weight.Length, weight.Length), weight) + bias;
        return logits;
    }

    /// <param name="slopes">∂L/∂logits, (N).</param>
    /// <param name="second">(N, W).</param>
    /// <param name="slope">Becomes the derivatives by what the second layer gives, before it is cut at zero.</param>
    private void OutputBack(ReadOnlySpan<float> slopes, Tensor second, Tensor slope)
    {
        ReadOnlySpan<float> given = SinglePass.Numbers(second), weight = SinglePass.Numbers(_layers[2].Weight);
        Span<float> ofWeight = SinglePass.Numbers(_gradients[2].Weight), all = SinglePass.Numbers(slope);
        for (var i = 0; i < slopes.Length; i++)
        {
            TensorPrimitives.MultiplyAdd(given.Slice(i * weight.Length, weight.Length), slopes[i], ofWeight, ofWeight);
            TensorPrimitives.Multiply(weight, slopes[i], all.Slice(i * weight.Length, weight.Length));
        }

        SinglePass.Numbers(_gradients[2].Bias)[0] = TensorPrimitives.Sum(slopes);
        Cut(slope, second);
    }

    /// <summary>Derivatives by a hidden layer's parameters.</summary>
    private void HiddenBack(int k, Tensor slope, Tensor given)
    {
        _gradients[k].Weight.addmm_(given.t(), slope, 1, 1);
        ReadOnlySpan<float> all = SinglePass.Numbers(slope);
        var ofBias = SinglePass.Numbers(_gradients[k].Bias);
        for (var at = 0; at < all.Length; at += ofBias.Length) TensorPrimitives.Add(ofBias, all.Slice(at, ofBias.Length), ofBias);
    }

    /// <summary>Nothing flows back through what was cut at zero.</summary>
    private static void Cut(Tensor slope, Tensor hidden)
    {
        var all = SinglePass.Numbers(slope);
        ReadOnlySpan<float> given = SinglePass.Numbers(hidden);
        var vectors = SinglePass.Vectors(all);
        var units = SinglePass.Vectors(given);
        for (var i = 0; i < vectors.Length; i++) vectors[i] &= Vector256.GreaterThan(units[i], Vector256<float>.Zero);
        for (var i = vectors.Length * Vector256<float>.Count; i < all.Length; i++)
            if (!(given[i] > 0)) all[i] = 0;
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
