using Amnre.Engine.Networks;
using static TorchSharp.torch;

namespace Amnre.Engine.Flows;

/// <summary>z = scale · theta + shift with fixed scale and shift: standardises by the prior's moments; of some parameters
/// the logarithm.</summary>
internal sealed class PointwiseAffine : Module, IFlowTransform
{
    private readonly TensorSlot _shift, _scale;
    private readonly LogarithmicColumns _logarithms;

    /// <param name="mean">Prior mean, (D), of the logarithm where <paramref name="logarithmic"/> says so.</param>
    /// <param name="deviation">Prior standard deviation, (D), likewise.</param>
    /// <param name="logarithmic">Parameters whose logarithm is taken, (D).</param>
    public PointwiseAffine(ReadOnlySpan<float> mean, ReadOnlySpan<float> deviation, IReadOnlyList<bool> logarithmic)
    {
        var shift = new float[mean.Length];
        var scale = new float[mean.Length];
        for (var i = 0; i < mean.Length; i++) (shift[i], scale[i]) = (-mean[i] / deviation[i], 1 / deviation[i]);
        _shift = Buffer("_shift", tensor(shift));
        _scale = Buffer("_scale", tensor(scale));
        _logarithms = Child("logarithms", new LogarithmicColumns(logarithmic));
    }

    public (Tensor Outputs, Tensor LogDeterminant) Forward(Tensor inputs, Tensor context)
    {
        var values = _logarithms.Forward(inputs);
        return ((values * _scale.Value).Plus(_shift.Value), LogScale(values));
    }

    public (Tensor Outputs, Tensor LogDeterminant) Inverse(Tensor inputs, Tensor context)
    {
        var values = (inputs - _shift.Value) / _scale.Value;
        return (_logarithms.Inverse(values), -LogScale(values));
    }

    private Tensor LogScale(Tensor values) => _scale.Value.abs().log().sum().Plus(_logarithms.LogDeterminant(values));
}
