using static TorchSharp.torch;

namespace Amnre.Engine.Flows;

/// <summary>An invertible map of theta, given a context y, with the log of its Jacobian's absolute determinant.</summary>
internal interface IFlowTransform
{
    /// <summary>theta → z.</summary>
    /// <param name="inputs">(N, D).</param>
    /// <param name="context">(N, Y).</param>
    /// <returns>z (N, D) and log |det dz/dtheta| (N).</returns>
    (Tensor Outputs, Tensor LogDeterminant) Forward(Tensor inputs, Tensor context);

    /// <summary>z → theta.</summary>
    /// <returns>theta (N, D) and log |det dtheta/dz| (N).</returns>
    (Tensor Outputs, Tensor LogDeterminant) Inverse(Tensor inputs, Tensor context);
}
