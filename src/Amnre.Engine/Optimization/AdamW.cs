using Amnre.Engine.Elementwise;
using Amnre.Engine.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Amnre.Engine.Optimization;

/// <summary>AdamW (Loshchilov and Hutter, 2019) over one flat vector, in PyTorch's order of operations:
/// p ← p(1 - ηλ); m ← β₁m + (1-β₁)g; v ← β₂v + (1-β₂)g²; p ← p - η/(1-β₁ᵗ) · m / (√v/√(1-β₂ᵗ) + ε).
/// With AMSGrad (Reddi et al. 2018) v is replaced by its running maximum.</summary>
internal sealed class AdamW : IDisposable
{
    private const double Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8;

    private readonly Tensor _parameters, _gradients;
    private readonly double _weightDecay;

    /// <param name="parameters">Flat vector, changed in place.</param>
    /// <param name="gradients">Flat vector of the same length.</param>
    /// <param name="weightDecay">λ.</param>
    /// <param name="amsGrad">Use the running maximum of v.</param>
    public AdamW(Tensor parameters, Tensor gradients, double weightDecay, bool amsGrad)
    {
        (_parameters, _gradients, _weightDecay) = (parameters, gradients, weightDecay);
        Mean = zeros_like(parameters).DetachFromDisposeScope();
        Square = zeros_like(parameters).DetachFromDisposeScope();
        if (amsGrad) LargestSquare = zeros_like(parameters).DetachFromDisposeScope();
    }

    /// <summary>m.</summary>
    public Tensor Mean { get; }

    /// <summary>v.</summary>
    public Tensor Square { get; }

    public Tensor? LargestSquare { get; }

    /// <summary>t, the number of updates made.</summary>
    public long Updates { get; set; }

    /// <summary>One update; call without gradient recording.</summary>
    public void Step(double rate)
    {
        Updates++;
        var decay = 1 - rate * _weightDecay;
        var scale = Math.Sqrt(1 - Math.Pow(Beta2, Updates));
        var step = -rate / (1 - Math.Pow(Beta1, Updates));
        if (SinglePass.Takes(_parameters) && SinglePass.Takes(_gradients))
            new AdamPass((float)decay, (float)Beta1, (float)(1 - Beta1), (float)Beta2, (float)(1 - Beta2), (float)scale, (float)Epsilon,
                (float)step).Update(_parameters, _gradients, Mean, Square, LargestSquare);
        else Step(decay, scale, step);
    }

    public void Dispose()
    {
        Mean.Dispose();
        Square.Dispose();
        LargestSquare?.Dispose();
    }

    private void Step(double decay, double scale, double step)
    {
        using var scope = NewDisposeScope();
        using Scalar decayed = decay.ToScalar(), scaled = scale.ToScalar(), stepped = step.ToScalar();
        _parameters.mul_(decayed);
        Mean.mul_(Number.Of(Beta1)).add_(_gradients, alpha: Number.Of(1 - Beta1));
        Square.mul_(Number.Of(Beta2)).addcmul_(_gradients, _gradients, Number.Of(1 - Beta2));
        if (LargestSquare is not null) LargestSquare.copy_(maximum(LargestSquare, Square));
        var denominator = (LargestSquare ?? Square).sqrt().div_(scaled).Increase(Number.Of(Epsilon));
        _parameters.addcdiv_(Mean, denominator, stepped);
    }
}
