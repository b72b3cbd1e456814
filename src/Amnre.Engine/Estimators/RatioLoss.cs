using Amnre.Engine.Embeddings;
using Amnre.Engine.Networks;
using static TorchSharp.torch;

namespace Amnre.Engine.Estimators;

/// <summary>The loss of likelihood-to-evidence ratio estimation (Hermans, Begy and Louppe 2020): a classifier with logit log r
/// tells pairs (theta, x) of the joint from pairs (theta', x) of the product of marginals,
/// L = 1/N Σ_i [ l(log r(theta_i, x_i)) + l(-log r(theta'_i, x_i)) ], theta'_i = theta_{i-1}.</summary>
/// <param name="embedding">x (N, observation size) to y (N, L).</param>
/// <param name="networks">Those of K subsets, whose outputs are log r, with the inputs that pairs give them.</param>
/// <param name="criterion">l, elementwise.</param>
/// <param name="weights">With a frozen ratio r_a, the marginal term is weighed by r_a(theta'_i, x_i) or, inversely, the joint term by
/// 1 / r_a(theta_i, x_i).</param>
/// <param name="balance">λ of a penalty λ (1/N Σ_i [ d(theta_i, x_i) + d(theta'_i, x_i) ] - 1)² of each subset, d the logistic function of
/// log r; null for none. Delaunoy et al., Towards reliable simulation-based inference with balanced neural ratio estimation
/// (NeurIPS 2022).</param>
internal sealed class RatioLoss(
    Embedding embedding, RatioNetworks networks, Func<Tensor, Tensor> criterion, ImportanceWeights? weights = null,
    double? balance = null) : ITrainingLoss
{
    public ITrainingLoss? CrossEntropy => balance is null ? null : RatioLosses.CrossEntropy(embedding, networks);

    public Tensor Of(TrainingBatch batch) => Stacked([this], [batch]).squeeze(0);

    public Tensor Stacked(IReadOnlyList<ITrainingLoss> losses, IReadOnlyList<TrainingBatch> batches)
    {
        var all = losses.Cast<RatioLoss>().ToList();
        var (models, rows) = (batches.Count, batches[0].Rows);
        var pairs = batches.Select(batch => stack([batch.Theta, batch.Theta.roll(1, 0)])).ToList();
        var y = Embedding.Forward([.. all.Select(loss => loss.Embedded)], [.. batches.Select(batch => batch.X)]);
        var inputs = all.SelectMany((loss, r) => loss.Networks(pairs[r].flatten(0, 1), y[r], batches[r].Draws)).ToList();
        // Of the K networks of each model, 2 N rows each: to (R, 2, N, K).
        var ratio = NetworkInput.Forward(inputs).view(models, -1, 2, rows).permute(0, 2, 3, 1);
        var (joint, marginal) = (criterion(ratio.select(1, 0)), criterion(ratio.select(1, 1).neg()));
        if (weights is { Inverse: false }) marginal *= Frozen(r => pairs[r][1]).exp();
        if (weights is { Inverse: true }) joint *= Frozen(r => batches[r].Theta).neg().exp();
        var loss = joint.sum([1, 2]).Plus(marginal.sum([1, 2])) / Number.Of(rows);
        return balance is { } factor ? loss.Plus(Unbalance(ratio, rows) * Number.Of(factor)) : loss;

        Tensor Frozen(Func<int, Tensor> theta) =>
            stack([.. all.Select((loss, r) => loss.Weights!.Adversary.LogRatio(theta(r), batches[r].X))]);
    }

    private Embedding Embedded => embedding;

    private RatioNetworks Networks => networks;

    private ImportanceWeights? Weights => weights;

    /// <summary>Σ_k (1/N Σ_i [ d(theta_i, x_i) + d(theta'_i, x_i) ] - 1)², 0 for a balanced classifier of each subset.</summary>
    /// <param name="ratio">log r, (R, 2, N, K).</param>
    /// <returns>(R).</returns>
    internal static Tensor Unbalance(Tensor ratio, long rows) =>
        (ratio.sigmoid().sum([1, 2]) / Number.Of(rows) - Number.Of(1)).Squared().sum(1);
}
