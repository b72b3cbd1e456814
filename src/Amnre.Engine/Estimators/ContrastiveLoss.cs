using Amnre.Engine.Embeddings;
using Amnre.Engine.Networks;
using static TorchSharp.torch;

namespace Amnre.Engine.Estimators;

/// <summary>Losses that tell which of K parameters an observation x was simulated with, h = log r.
/// NRE-B (Durkan, Murray and Papamakarios, On contrastive learning for likelihood-free inference, ICML 2020):
/// L = -1/N Σ_i log [ e^h(theta_i, x_i) / Σ_j e^h(theta_ij, x_i) ], theta_i1 = theta_i, the other K - 1 of the prior.
/// NRE-C (Miller, Weniger and Forré, Contrastive neural ratio estimation, NeurIPS 2022), which asks also whether it was none of them:
/// L = -1/(1 + γ) 1/N Σ_i [ log K / (K + γ Σ_j e^h(theta'_ij, x_i)) + γ log γ e^h(theta_i, x_i) / (K + γ Σ_j e^h(theta_ij, x_i)) ],
/// all K of theta' of the prior.</summary>
/// <remarks>The parameters of the prior are those of other rows of the batch, theta'_ij = theta_{i-j}, never the row's own, and both terms
/// take the same. A batch of fewer rows than are needed, as the last of a file, takes a smaller K.</remarks>
/// <param name="embedding">x (N, observation size) to y (N, L).</param>
/// <param name="networks">Those of the subsets, whose outputs are log r.</param>
/// <param name="contrasts">K.</param>
/// <param name="gamma">γ of NRE-C; null for NRE-B.</param>
internal sealed class ContrastiveLoss(Embedding embedding, RatioNetworks networks, int contrasts, double? gamma) : ITrainingLoss
{
    public ITrainingLoss? CrossEntropy => RatioLosses.CrossEntropy(embedding, networks);

    public Tensor Of(TrainingBatch batch) => Stacked([this], [batch]).squeeze(0);

    public Tensor Stacked(IReadOnlyList<ITrainingLoss> losses, IReadOnlyList<TrainingBatch> batches)
    {
        var all = losses.Cast<ContrastiveLoss>().ToList();
        var (models, rows) = (batches.Count, batches[0].Rows);
        var others = Math.Min(gamma is null ? contrasts - 1 : contrasts, Math.Max(1, rows - 1));
        var y = Embedding.Forward([.. all.Select(loss => loss.Embedded)], [.. batches.Select(batch => batch.X)]);
        var inputs = all.SelectMany((loss, r) => loss.Networks(Sets(batches[r].Theta, others), y[r], batches[r].Draws)).ToList();
        // (R, subsets, 1 + others, N), the right parameters first.
        var ratio = NetworkInput.ForwardShared(inputs).view(models, -1, 1 + others, rows);
        return (gamma is { } odds ? Contrastive(ratio, odds) : Multiclass(ratio)).sum([1, 2]) / Number.Of(rows);
    }

    private Embedding Embedded => embedding;

    private RatioNetworks Networks => networks;

    /// <summary>((1 + others) N, D): theta, and it shifted by 1, 2, … rows.</summary>
    private static Tensor Sets(Tensor theta, long others) =>
        cat([theta, .. Enumerable.Range(1, (int)others).Select(shift => theta.roll(shift, 0))]);

    /// <param name="ratio">log r, (R, subsets, K, N).</param>
    /// <returns>(R, subsets, N).</returns>
    internal static Tensor Multiclass(Tensor ratio) => logsumexp(ratio, 2) - ratio.select(2, 0);

    /// <param name="ratio">log r, (R, subsets, 1 + K, N).</param>
    /// <param name="gamma">γ.</param>
    /// <returns>(R, subsets, N).</returns>
    internal static Tensor Contrastive(Tensor ratio, double gamma)
    {
        var count = ratio.shape[2] - 1;
        // Numerator and denominator divided by K: log K / (K + γ Σ e^h) = log sigma(-s), s = log (γ/K) + log Σ e^h.
        var scale = Number.Of(Math.Log(gamma / count));
        var none = nn.functional.logsigmoid(logsumexp(ratio.narrow(2, 1, count), 2).Plus(scale).neg());
        var right = ratio.select(2, 0).Plus(scale)
            .Plus(nn.functional.logsigmoid(logsumexp(ratio.narrow(2, 0, count), 2).Plus(scale).neg()));
        return none.Plus(right * Number.Of(gamma)) * Number.Of(-1 / (1 + gamma));
    }
}
