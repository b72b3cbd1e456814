using static TorchSharp.torch;

namespace Amnre.Engine.Networks;

/// <summary>(x - mu) / sigma, column by column, with constants that are stored in the model.</summary>
internal sealed class Standardize : Layer
{
    private readonly TensorSlot _mu, _isigma;
    private readonly Logarithms? _logarithms;

    /// <param name="mu">Mean of each column, or of its logarithm.</param>
    /// <param name="sigma">Deviation of each column, or of its logarithm.</param>
    /// <param name="logarithmic">Of which columns the logarithm is standardised.</param>
    public Standardize(ReadOnlySpan<float> mu, ReadOnlySpan<float> sigma, ReadOnlySpan<bool> logarithmic)
    {
        _mu = Buffer("mu", tensor(mu.ToArray()));
        _isigma = Buffer("isigma", tensor(sigma.ToArray()).reciprocal());
        _logarithms = logarithmic.Contains(true) ? new Logarithms(Buffer("logarithmic", tensor(logarithmic.ToArray()))) : null;
    }

    public override Tensor Forward(Tensor x) => ((_logarithms?.Of(x) ?? x) - _mu.Value).mul_(_isigma.Value);
}
