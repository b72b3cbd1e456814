using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Amnre.Engine.Elementwise;

/// <summary>An update of AdamW that goes through memory once, where the library's operations go through it ten times.</summary>
/// <param name="Decay">What is left of a parameter, 1 − ηλ.</param>
/// <param name="Mean">What is left of the mean m, β₁.</param>
/// <param name="New">What enters it, 1 − β₁: not the difference of rounded numbers.</param>
/// <param name="Square">What is left of the mean square v, β₂.</param>
/// <param name="NewSquare">What enters it, 1 − β₂.</param>
/// <param name="Scale">√(1 − β₂ᵗ).</param>
/// <param name="Epsilon">ε.</param>
/// <param name="Step">−η/(1 − β₁ᵗ).</param>
internal readonly record struct AdamPass(
    float Decay, float Mean, float New, float Square, float NewSquare, float Scale, float Epsilon, float Step)
{
    /// <summary>Changes all but the gradients. The tensors are of one length, and <see cref="SinglePass"/> takes them.</summary>
    /// <param name="largest">Running maximum of v; null without one.</param>
    public void Update(Tensor parameters, Tensor gradients, Tensor mean, Tensor square, Tensor? largest)
    {
        var pass = this;
        SinglePass.Shared((int)parameters.numel(), width: 1, (begin, end, _) => pass.Update(
            SinglePass.Numbers(parameters)[begin..end], SinglePass.Numbers(gradients)[begin..end], SinglePass.Numbers(mean)[begin..end],
            SinglePass.Numbers(square)[begin..end], largest is null ? default : SinglePass.Numbers(largest)[begin..end]));
    }

    private void Update(Span<float> parameters, ReadOnlySpan<float> gradients, Span<float> mean, Span<float> square, Span<float> largest)
    {
        var p = SinglePass.Vectors(parameters);
        var g = SinglePass.Vectors(gradients);
        var m = SinglePass.Vectors(mean);
        var v = SinglePass.Vectors(square);
        var l = SinglePass.Vectors(largest);
        for (var i = 0; i < p.Length; i++)
        {
            m[i] = Vector256.FusedMultiplyAdd(g[i], Vector256.Create(New), m[i] * Mean);
            v[i] = Vector256.FusedMultiplyAdd(g[i] * NewSquare, g[i], v[i] * Square);
            if (l.Length > 0) l[i] = Vector256.Max(l[i], v[i]);
            var denominator = Vector256.Sqrt(l.Length > 0 ? l[i] : v[i]) / Scale + Vector256.Create(Epsilon);
            p[i] = Vector256.FusedMultiplyAdd(m[i] / denominator, Vector256.Create(Step), p[i] * Decay);
        }

        for (var i = p.Length * Vector256<float>.Count; i < parameters.Length; i++)
        {
            mean[i] = MathF.FusedMultiplyAdd(gradients[i], New, mean[i] * Mean);
            square[i] = MathF.FusedMultiplyAdd(gradients[i] * NewSquare, gradients[i], square[i] * Square);
            if (!largest.IsEmpty) largest[i] = MathF.Max(largest[i], square[i]);
            var denominator = MathF.Sqrt(largest.IsEmpty ? square[i] : largest[i]) / Scale + Epsilon;
            parameters[i] = MathF.FusedMultiplyAdd(mean[i] / denominator, Step, parameters[i] * Decay);
        }
    }
}
