using Amnre.Engine.Masks;
using static TorchSharp.torch;

namespace Amnre.Engine.Posteriors;

/// <summary>An estimator that can draw from its posteriors outright, without chains.</summary>
internal interface IDirectDraws
{
    /// <summary>One independent draw from p(theta_b | x) for each row of <paramref name="y"/>; it may lie outside the prior's
    /// support.</summary>
    /// <param name="mask">A subset that the estimator covers.</param>
    /// <param name="y">(N, L) of <see cref="Estimators.Estimator.Embed"/>.</param>
    /// <param name="noise">(N, |b|) standard normal numbers, which decide the draws.</param>
    /// <returns>theta (N, |b|).</returns>
    Tensor Draw(ParameterMask mask, Tensor y, Tensor noise);
}
