using static TorchSharp.torch;

namespace Amnre.Engine.Networks;

/// <summary>Dropout (Srivastava et al. 2014); with <paramref name="alpha"/> the one that keeps the mean and variance of SELU
/// networks (Klambauer et al. 2017, alpha dropout).</summary>
/// <remarks>Draws come from <see cref="ForwardMode.Dropout"/>, so that a step drops the same units however often it is run.</remarks>
internal sealed class Dropout(double probability, bool alpha, ForwardMode mode) : Layer
{
    // -lambda alpha of SELU: the value that saturated units take.
    private const double Saturated = -1.7580993408473766;

    public override Tensor Forward(Tensor x)
    {
        if (!mode.Training || probability == 0) return x;

        using var uniform = rand(x.shape, x.dtype, x.device, generator: mode.Dropout);
        var kept = uniform.ge(probability).to_type(x.dtype);
        if (!alpha) return x * kept / (1 - probability);

        var scale = 1 / Math.Sqrt((1 - probability) * (1 + probability * Saturated * Saturated));
        var shift = -scale * probability * Saturated;
        return (x * kept + Saturated * (1 - kept)) * scale + shift;
    }
}
