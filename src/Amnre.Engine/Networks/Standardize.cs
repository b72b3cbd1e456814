using static TorchSharp.torch;

namespace Amnre.Engine.Networks;

/// <summary>(x - mu) / sigma, column by column, with constants that are stored in the model.</summary>
internal sealed class Standardize : Layer
{
    private readonly TensorSlot _mu, _isigma;

    public Standardize(ReadOnlySpan<float> mu, ReadOnlySpan<float> sigma)
    {
        _mu = Buffer("mu", tensor(mu.ToArray()));
        _isigma = Buffer("isigma", tensor(sigma.ToArray()).reciprocal());
    }

    public override Tensor Forward(Tensor x) => (x - _mu.Value).mul_(_isigma.Value);
}
