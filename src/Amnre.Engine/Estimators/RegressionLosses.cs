using Amnre.Engine.Networks;
using static TorchSharp.torch;

namespace Amnre.Engine.Estimators;

/// <summary>Losses for simulators that tell more than samples: the joint likelihood ratio or the joint score of each draw.
/// Brehmer, Louppe, Pavez and Cranmer, Mining gold from implicit models (PNAS 2020). Sums over all but the batch, divided by its
/// size.</summary>
public static class RegressionLosses
{
    /// <summary>RR: (r̂ − r)², ratios as such, given as logarithms.</summary>
    /// <param name="logRatio">(N) or, for K subsets, (N, K).</param>
    /// <param name="logTarget">(N).</param>
    public static Tensor Ratio(Tensor logRatio, Tensor logTarget)
    {
        var target = logTarget;
        while (target.dim() < logRatio.dim()) target = target.unsqueeze(-1);
        return SquaredError(logRatio.exp(), target.expand_as(logRatio).exp());
    }

    /// <summary>SR: ‖∇_theta log r̂ − t‖².</summary>
    /// <param name="theta">(N, D), a leaf that requires its gradient and that <paramref name="logRatio"/> was computed from.</param>
    /// <param name="logRatio">(N).</param>
    /// <param name="score">(N, D), ∇_theta log p of each draw.</param>
    public static Tensor Score(Tensor theta, Tensor logRatio, Tensor score) =>
        SquaredError(autograd.grad([logRatio.sum()], [theta], create_graph: true)[0], score);

    private static Tensor SquaredError(Tensor input, Tensor target) => (input - target).Squared().sum() / Number.Of(input.shape[0]);
}
