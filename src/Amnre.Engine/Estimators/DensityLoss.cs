using Amnre.Engine.Networks;
using static TorchSharp.torch;

namespace Amnre.Engine.Estimators;

/// <summary>The loss of neural posterior estimation, L = −1/N Σ_i Σ_b log p(theta_i,b | x_i), summed over the subsets b that the
/// estimator covers.</summary>
/// <param name="embed">x (N, observation size) to y (N, L).</param>
/// <param name="logDensity">theta (N, D) and y (N, L) to log p of (N) or, for K subsets, (N, K).</param>
internal sealed class DensityLoss(Func<Tensor, Tensor> embed, Func<Tensor, Tensor, Tensor> logDensity) : ITrainingLoss
{
    public Tensor Of(TrainingBatch batch) => logDensity(batch.Theta, embed(batch.X)).sum().neg() / Number.Of(batch.Rows);
}
