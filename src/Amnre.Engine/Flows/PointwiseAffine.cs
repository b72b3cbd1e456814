using Amnre.Engine.Networks;
using static TorchSharp.torch;

namespace Amnre.Engine.Flows;

/// <summary>z = scale · theta + shift with fixed scale and shift: standardises by the prior's moments, those of log theta where asked
/// for.</summary>
internal sealed class PointwiseAffine : Module, IFlowTransform
{
    private readonly TensorSlot _shift, _scale;
    private readonly Logarithms? _logarithms;

    /// <param name="mean">Prior mean, (D).</param>
    /// <param name="deviation">Prior standard deviation, (D).</param>
    /// <param name="logarithmic">Of which parameters these are of the logarithm, which takes their place.</param>
    public PointwiseAffine(ReadOnlySpan<float> mean, ReadOnlySpan<float> deviation, ReadOnlySpan<bool> logarithmic)
    {
        var shift = new float[mean.Length];
        var scale = new float[mean.Length];
        for (var i = 0; i < mean.Length; i++) (shift[i], scale[i]) = (-mean[i] / deviation[i], 1 / deviation[i]);
        _shift = Buffer("_shift", tensor(shift));
        _scale = Buffer("_scale", tensor(scale));
        _logarithms = logarithmic.Contains(true) ? new Logarithms(Buffer("_logarithmic", tensor(logarithmic.ToArray()))) : null;
    }

    public (Tensor Outputs, Tensor LogDeterminant) Forward(Tensor inputs, Tensor context)
    {
        if (_logarithms is null) return (Scaled(inputs), LogScale(inputs));
        var seen = _logarithms.Of(inputs);
        return (Scaled(seen), LogScale(inputs) - _logarithms.Sum(seen));
    }

    public (Tensor Outputs, Tensor LogDeterminant) Inverse(Tensor inputs, Tensor context)
    {
        var seen = (inputs - _shift.Value) / _scale.Value;
        return _logarithms is null ? (seen, -LogScale(inputs)) : (_logarithms.Exponential(seen), _logarithms.Sum(seen) - LogScale(inputs));
    }

    private Tensor Scaled(Tensor seen) => (seen * _scale.Value).Plus(_shift.Value);

    private Tensor LogScale(Tensor inputs) => _scale.Value.abs().log().sum().expand(inputs.shape[0]);
}
