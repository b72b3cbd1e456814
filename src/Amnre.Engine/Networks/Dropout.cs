using static TorchSharp.torch;

namespace Amnre.Engine.Networks;

/// <summary>Dropout (Srivastava et al. 2014), or the one that keeps the mean and variance of SELU
/// networks (alpha dropout, Klambauer et al. 2017).</summary>
/// <remarks>Draws come from <see cref="ForwardMode.Dropout"/>, so that a step drops the same units however often it is run.</remarks>
internal sealed class Dropout : Layer
{
    // -lambda alpha of SELU: the value that saturated units take.
    private const double Saturated = -1.7580993408473766;

    private readonly double _probability;
    private readonly bool _alpha;
    private readonly ForwardMode _mode;

    public Dropout(double probability, bool alpha, ForwardMode mode)
    {
        (_probability, _alpha, _mode) = (probability, alpha, mode);
        if (probability > 0) mode.NeedsDropout = true;
    }

    public override Tensor Forward(Tensor x)
    {
        if (!_mode.Training || _probability == 0) return x;

        var draws = _mode.Dropout ?? throw new InvalidOperationException("dropout has no draws for this step");
        using var uniform = rand(x.shape, x.dtype, x.device, generator: draws);
        var kept = uniform.ge(Number.Of(_probability)).to_type(x.dtype);
        if (!_alpha) return x * kept / Number.Of(1 - _probability);

        var scale = 1 / Math.Sqrt((1 - _probability) * (1 + _probability * Saturated * Saturated));
        var shift = -scale * _probability * Saturated;
        return ((x * kept).Plus(Number.Of(Saturated) * kept.Complement()) * Number.Of(scale)).Plus(Number.Of(shift));
    }
}
