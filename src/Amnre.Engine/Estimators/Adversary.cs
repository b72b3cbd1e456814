using Amnre.Engine.Masks;
using Amnre.Engine.Simulators;
using static TorchSharp.torch;

namespace Amnre.Engine.Estimators;

/// <summary>A frozen estimator whose ratios weigh the samples of another's training, so that the other learns what is left of the
/// ratio: log r = log r_new + log r_frozen. Rhodes, Xu and Gutmann, Telescoping density-ratio estimation (NeurIPS 2020).</summary>
/// <param name="estimator">The frozen estimator; a density is turned into a ratio by the prior.</param>
/// <param name="simulator">Gives the prior.</param>
/// <param name="masks">The subsets of the model in training, in its order; empty when it estimates the one ratio of all parameters.</param>
internal sealed class Adversary(Estimator estimator, ISimulator simulator, IReadOnlyList<ParameterMask> masks) : IDisposable
{
    /// <summary>log r of the frozen estimator, without gradient.</summary>
    /// <param name="theta">(N, D).</param>
    /// <param name="x">(N, observation size).</param>
    /// <returns>(N, K), K = 1 for the one ratio of all parameters.</returns>
    public Tensor LogRatio(Tensor theta, Tensor x)
    {
        using var off = no_grad();
        // Its own embedding of x, which may differ from that of the model in training.
        var y = Embed(x);
        return masks.Count == 0
            ? LogRatio(ParameterMask.Full((int)theta.shape[1]), theta, y).unsqueeze(1)
            : stack([.. masks.Select(mask => LogRatio(mask, MaskTensor.Gather(mask, theta), y))], 1);
    }

    /// <param name="x">(N, observation size).</param>
    /// <returns>y (N, L) of the frozen estimator.</returns>
    public Tensor Embed(Tensor x) => estimator.Embed(x);

    /// <summary>log r of one subset, (N).</summary>
    /// <param name="theta">(N, |b|).</param>
    /// <param name="y">(N, L) of <see cref="Embed"/>.</param>
    public Tensor LogRatio(ParameterMask mask, Tensor theta, Tensor y)
    {
        var value = estimator.LogValue(mask, theta, y);
        return estimator.IsDensity ? value - LogPrior(mask, theta) : value;
    }

    /// <summary>The same frozen estimator, for one subset of the model.</summary>
    public Adversary Only(ParameterMask mask) => new(estimator, simulator, [mask]);

    public void MoveTo(Device device) => estimator.MoveTo(device);

    public void Dispose() => estimator.Dispose();

    /// <exception cref="InputException">The estimator was not trained for a subset of the model.</exception>
    public void CheckCovers(int size)
    {
        foreach (var mask in masks.Count == 0 ? [ParameterMask.Full(size)] : masks)
            if (!estimator.Covers(mask))
                throw new InputException(
                    $"the adversary was not trained for mask {mask} of the model: train it for that mask, or leave the mask out");
    }

    private Tensor LogPrior(ParameterMask mask, Tensor theta)
    {
        var rows = theta.cpu().contiguous().data<float>().ToArray();
        var values = new float[theta.shape[0]];
        for (var i = 0; i < values.Length; i++) values[i] = (float)simulator.LogPrior(mask, rows.AsSpan(i * mask.Count, mask.Count));
        return tensor(values, device: theta.device);
    }
}

/// <summary>How a frozen estimator weighs the two terms of a ratio's loss.</summary>
/// <param name="Adversary">The frozen estimator.</param>
/// <param name="Inverse">Weigh the joint term by 1/r instead of the marginal term by r.</param>
internal sealed record ImportanceWeights(Adversary Adversary, bool Inverse)
{
    /// <summary>The weights of one subset.</summary>
    public ImportanceWeights Only(ParameterMask mask) => this with { Adversary = Adversary.Only(mask) };
}
