using Amnre.Engine.Networks;
using Amnre.Engine.Randomness;
using static TorchSharp.torch;

namespace Amnre.Engine.Estimators;

/// <summary>The loss of likelihood-to-evidence ratio estimation (Hermans, Begy and Louppe 2020): a classifier with logit log r
/// tells pairs (theta, x) of the joint from pairs (theta', x) of the product of marginals,
/// L = 1/N Σ_i [ l(log r(theta_i, x_i)) + l(-log r(theta'_i, x_i)) ], theta'_i = theta_{i-1}.</summary>
/// <param name="embed">x (N, observation size) to y (N, L).</param>
/// <param name="logRatio">(2, N, D) thetas of both kinds and the y (N, L) they share, to log r of (2, N) or, for K subsets, (2, N, K).</param>
/// <param name="criterion">l, elementwise.</param>
/// <param name="weights">With a frozen ratio r_a, the marginal term is weighed by r_a(theta'_i, x_i) or, inversely, the joint term by
/// 1 / r_a(theta_i, x_i).</param>
internal sealed class RatioLoss(
    Func<Tensor, Tensor> embed, PairRatio logRatio, Func<Tensor, Tensor> criterion, ImportanceWeights? weights = null) : ITrainingLoss
{
    public Tensor Of(Tensor theta, Tensor x, ref CounterRandom random)
    {
        var pairs = stack([theta, theta.roll(1, 0)]);
        var ratio = logRatio(pairs, embed(x), ref random);
        var (joint, marginal) = (criterion(ratio[0]), criterion(ratio[1].neg()));
        if (weights is { Inverse: false }) marginal *= weights.Adversary.LogRatio(pairs[1], x).exp();
        if (weights is { Inverse: true }) joint *= weights.Adversary.LogRatio(theta, x).neg().exp();
        return (joint.sum() + marginal.sum()) / Number.Of(theta.shape[0]);
    }
}

/// <summary>log r of the two halves of a batch, with the draws (of masks) that both share.</summary>
internal delegate Tensor PairRatio(Tensor pairs, Tensor y, ref CounterRandom random);
