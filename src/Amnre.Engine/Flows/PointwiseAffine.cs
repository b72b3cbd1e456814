using static TorchSharp.torch;

namespace Amnre.Engine.Flows;

/// <summary>z = scale · theta + shift with fixed scale and shift: standardises by the prior's moments.</summary>
internal sealed class PointwiseAffine : nn.Module, IFlowTransform
{
    /// <param name="mean">Prior mean, (D).</param>
    /// <param name="deviation">Prior standard deviation, (D).</param>
    public PointwiseAffine(ReadOnlySpan<float> mean, ReadOnlySpan<float> deviation) : base(nameof(PointwiseAffine))
    {
        var shift = new float[mean.Length];
        var scale = new float[mean.Length];
        for (var i = 0; i < mean.Length; i++) (shift[i], scale[i]) = (-mean[i] / deviation[i], 1 / deviation[i]);
        register_buffer("_shift", tensor(shift));
        register_buffer("_scale", tensor(scale));
    }

    private Tensor Shift => get_buffer("_shift")!;

    private Tensor Scale => get_buffer("_scale")!;

    public (Tensor Outputs, Tensor LogDeterminant) Forward(Tensor inputs, Tensor context) =>
        (inputs * Scale + Shift, LogScale(inputs));

    public (Tensor Outputs, Tensor LogDeterminant) Inverse(Tensor inputs, Tensor context) =>
        ((inputs - Shift) / Scale, -LogScale(inputs));

    private Tensor LogScale(Tensor inputs) => Scale.abs().log().sum().expand(inputs.shape[0]);
}
