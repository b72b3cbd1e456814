using static TorchSharp.torch;

namespace Amnre.Engine.Networks;

/// <summary>(x - mu) / sigma, column by column, with constants that are stored in the model; of some columns the logarithm of x.</summary>
internal sealed class Standardize : Layer
{
    private readonly TensorSlot _mu, _isigma;
    private readonly LogarithmicColumns _logarithms;

    /// <param name="mu">Means, of a logarithm where <paramref name="logarithmic"/> says so.</param>
    /// <param name="sigma">Standard deviations, likewise.</param>
    /// <param name="logarithmic">Columns whose logarithm is taken.</param>
    public Standardize(ReadOnlySpan<float> mu, ReadOnlySpan<float> sigma, IReadOnlyList<bool> logarithmic)
    {
        _mu = Buffer("mu", tensor(mu.ToArray()));
        _isigma = Buffer("isigma", tensor(sigma.ToArray()).reciprocal());
        _logarithms = Child("logarithms", new LogarithmicColumns(logarithmic));
    }

    public override Tensor Forward(Tensor x) => (_logarithms.Forward(x) - _mu.Value).mul_(_isigma.Value);
}
