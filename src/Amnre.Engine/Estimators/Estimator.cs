using Amnre.Engine.Masks;
using Amnre.Engine.Networks;
using static TorchSharp.torch;

namespace Amnre.Engine.Estimators;

/// <summary>An estimator of p(theta_b | x) or of its ratio to the prior, for one or many subsets b of the parameters.</summary>
internal abstract class Estimator : Module
{
    /// <summary>Whether <see cref="LogValue"/> is log p(theta_b | x), not log p(theta_b | x) / p(theta_b).</summary>
    public abstract bool IsDensity { get; }

    public abstract bool Covers(ParameterMask mask);

    /// <param name="x">(N, observation size).</param>
    /// <returns>y (N, L), which <see cref="LogValue"/> takes.</returns>
    public abstract Tensor Embed(Tensor x);

    /// <summary>The estimate, row by row.</summary>
    /// <param name="mask">A subset that the estimator covers.</param>
    /// <param name="theta">(N, |b|).</param>
    /// <param name="y">(N, L).</param>
    /// <returns>(N).</returns>
    public abstract Tensor LogValue(ParameterMask mask, Tensor theta, Tensor y);

    public abstract ITrainingLoss Loss(LossOptions options);

    /// <summary>Recomputes derived tensors before the state dictionary is saved.</summary>
    public virtual void Settle()
    {
    }
}
