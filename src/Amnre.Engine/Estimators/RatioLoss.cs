using Amnre.Engine.Embeddings;
using Amnre.Engine.Networks;
using Amnre.Engine.Randomness;
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
internal sealed class RatioLoss(
    Embedding embedding, PairNetworks networks, Func<Tensor, Tensor> criterion, ImportanceWeights? weights = null) : ITrainingLoss
{
    public Tensor Of(TrainingBatch batch) => Stacked([this], [batch]).squeeze(0);

    public Tensor Stacked(IReadOnlyList<ITrainingLoss> losses, IReadOnlyList<TrainingBatch> batches)
    {
        var all = losses.Cast<RatioLoss>().ToList();
        var (models, rows) = (batches.Count, batches[0].Rows);
        var pairs = batches.Select(batch => stack([batch.Theta, batch.Theta.roll(1, 0)])).ToList();
        var y = Embedding.Forward([.. all.Select(loss => loss.Embedded)], [.. batches.Select(batch => batch.X)]);
        var inputs = all.SelectMany((loss, r) => loss.Networks(pairs[r], y[r], batches[r].Draws)).ToList();
        // Of the K networks of each model, 2 N rows each: to (R, 2, N, K).
        var ratio = NetworkInput.Forward(inputs).view(models, -1, 2, rows).permute(0, 2, 3, 1);
        var (joint, marginal) = (criterion(ratio.select(1, 0)), criterion(ratio.select(1, 1).neg()));
        if (weights is { Inverse: false }) marginal *= Frozen(r => pairs[r][1]).exp();
        if (weights is { Inverse: true }) joint *= Frozen(r => batches[r].Theta).neg().exp();
        return joint.sum([1, 2]).Plus(marginal.sum([1, 2])) / Number.Of(rows);

        Tensor Frozen(Func<int, Tensor> theta) =>
            stack([.. all.Select((loss, r) => loss.Weights!.Adversary.LogRatio(theta(r), batches[r].X))]);
    }

    private Embedding Embedded => embedding;

    private ImportanceWeights? Weights => weights;

    private IReadOnlyList<NetworkInput> Networks(Tensor pairs, Tensor y, CounterRandom draws) =>
        networks(pairs.flatten(0, 1), y.repeat(2, 1), draws);
}

/// <summary>The networks that tell pairs apart, and what each is given.</summary>
/// <param name="theta">(2 N, D), both kinds of pairs.</param>
/// <param name="y">(2 N, L), the same for both kinds.</param>
/// <param name="draws">Of this step, for masks that both kinds share.</param>
/// <returns>One of one output for each of K subsets.</returns>
internal delegate IReadOnlyList<NetworkInput> PairNetworks(Tensor theta, Tensor y, CounterRandom draws);
