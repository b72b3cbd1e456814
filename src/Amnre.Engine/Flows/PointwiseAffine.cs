using Amnre.Engine.Networks;
using static TorchSharp.torch;

namespace Amnre.Engine.Flows;

/// <summary>z = scale · theta + shift with fixed scale and shift: standardises by the prior's moments.</summary>
internal sealed class PointwiseAffine : Module, IFlowTransform
{
    private readonly TensorSlot _shift, _scale;

    /// <param name="mean">Prior mean, (D).</param>
    /// <param name="deviation">Prior standard deviation, (D).</param>
    public PointwiseAffine(ReadOnlySpan<float> mean, ReadOnlySpan<float> deviation)
    {
        var shift = new float[mean.Length];
        var scale = new float[mean.Length];
        for (var i = 0; i < mean.Length; i++) (shift[i], scale[i]) = (-mean[i] / deviation[i], 1 / deviation[i]);
        _shift = Buffer("_shift", tensor(shift));
        _scale = Buffer("_scale", tensor(scale));
    }

    public (Tensor Outputs, Tensor LogDeterminant) Forward(Tensor inputs, Tensor context) =>
        ((inputs * _scale.Value).Plus(_shift.Value), LogScale(inputs));

    public (Tensor Outputs, Tensor LogDeterminant) Inverse(Tensor inputs, Tensor context) =>
        ((inputs - _shift.Value) / _scale.Value, -LogScale(inputs));

    private Tensor LogScale(Tensor inputs) => _scale.Value.abs().log().sum().expand(inputs.shape[0]);
}
