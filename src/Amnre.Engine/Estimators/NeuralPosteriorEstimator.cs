using Amnre.Engine.Embeddings;
using Amnre.Engine.Flows;
using Amnre.Engine.Masks;
using Amnre.Engine.Networks;
using Amnre.Engine.Posteriors;
using static TorchSharp.torch;

namespace Amnre.Engine.Estimators;

/// <summary>NPE: log p(theta | x) by a normalising flow of theta conditioned on y, the embedding of x.
/// Papamakarios and Murray, Fast ε-free inference of simulation models (NeurIPS 2016); flow: Papamakarios et al. (NeurIPS 2017).</summary>
internal sealed class NeuralPosteriorEstimator : Estimator, IDirectDraws
{
    private readonly int _thetaSize;
    private readonly Embedding _embedding;
    private readonly MaskedAutoregressiveFlow _flow;

    public NeuralPosteriorEstimator(
        FlowOptions flow, EmbeddingOptions? embedding, IReadOnlyList<int> observationShape, PriorMoments prior, Construction construction)
    {
        _thetaSize = prior.Size;
        _embedding = Child("embedding", new Embedding(embedding, observationShape, construction));
        _flow = Child("flow", new MaskedAutoregressiveFlow(
            new PointwiseAffine(prior.Mean, prior.Deviation, prior.Logarithmic), prior.Size, _embedding.OutputSize, flow, construction));
    }

    public override bool IsDensity => true;

    public override bool Covers(ParameterMask mask) => mask == ParameterMask.Full(_thetaSize);

    public override Tensor Embed(Tensor x) => _embedding.Forward(x);

    public override Tensor LogValue(ParameterMask mask, Tensor theta, Tensor y) => _flow.LogDensity(theta, y);

    public Tensor Draw(ParameterMask mask, Tensor y, Tensor noise)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        return _flow.Invert(noise, y).Theta.MoveToOuterDisposeScope();
    }

    public override ITrainingLoss Loss(LossOptions options) => new DensityLoss(Embed, _flow.LogDensity);
}
