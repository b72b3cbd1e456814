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

/// <summary>The logarithm of some columns. A parameter whose prior spans decades is almost always near zero on its own scale: a network
/// that sees its value cannot tell a thousandth from a millionth.</summary>
/// <param name="columns">Which, (D), bool: a buffer of the model, which only models with such parameters have. A program that does not know
/// it, such as the original, then refuses the weights instead of giving other ratios.</param>
internal sealed class Logarithms(TensorSlot columns)
{
    /// <summary>The least normal number of single precision: what stands for a parameter that is not in the subset, zero, stays
    /// finite.</summary>
    private const float Least = 1.17549435e-38f;

    /// <param name="x">(N, D).</param>
    public Tensor Of(Tensor x) => where(columns.Value, x.clamp_min(Number.Of(Least)).log(), x);

    /// <summary>The inverse of <see cref="Of"/>.</summary>
    public Tensor Exponential(Tensor seen) => where(columns.Value, seen.exp(), seen);

    /// <summary>The sum of those columns of <paramref name="seen"/>, (N): log |det dx/dseen|.</summary>
    public Tensor Sum(Tensor seen) => where(columns.Value, seen, zeros_like(seen)).sum(-1);
}
