using Amnre.Engine.Networks;
using static TorchSharp.torch;

namespace Amnre.Engine.Flows;

/// <summary>Maps standardised parameters whose prior is uniform from its support onto the whole line: z = Φ⁻¹(P(theta' ≤ theta)), so that
/// such a prior is what a flow begins with, and no density lies outside.</summary>
internal sealed class SupportMap : Module, IFlowTransform
{
    /// <summary>Of a uniform distribution of deviation 1.</summary>
    private static readonly double HalfWidth = Math.Sqrt(3);

    /// <summary>Keeps z finite at the ends, whose probability float32 does not tell from 0 and 1.</summary>
    private const double Edge = 1 - 1e-6;

    private readonly TensorSlot _columns;

    /// <param name="uniform">Which parameters, (D).</param>
    public SupportMap(IReadOnlyList<bool> uniform) => _columns = Buffer("columns", tensor(uniform.ToArray()));

    public (Tensor Outputs, Tensor LogDeterminant) Forward(Tensor inputs, Tensor context)
    {
        var mapped = (inputs * Number.Of(1 / HalfWidth)).clamp(Number.Of(-Edge), Number.Of(Edge)).erfinv() * Number.Of(Math.Sqrt(2));
        var outputs = where(_columns.Value, mapped, inputs);
        return (outputs, LogSlope(outputs));
    }

    public (Tensor Outputs, Tensor LogDeterminant) Inverse(Tensor inputs, Tensor context)
    {
        var mapped = (inputs * Number.Of(Math.Sqrt(0.5))).erf() * Number.Of(HalfWidth);
        return (where(_columns.Value, mapped, inputs), -LogSlope(inputs));
    }

    /// <summary>log dz/dv = ½ z² + log(√2π / 2√3), (N).</summary>
    private Tensor LogSlope(Tensor z)
    {
        var slopes = (Number.Of(0.5) * z.Squared()).Plus(Number.Of(Math.Log(Math.Sqrt(2 * Math.PI) / (2 * HalfWidth))));
        return where(_columns.Value, slopes, zeros_like(z)).sum(-1);
    }
}
