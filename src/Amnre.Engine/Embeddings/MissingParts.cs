using Amnre.Engine.Networks;
using static TorchSharp.torch;

namespace Amnre.Engine.Embeddings;

/// <summary>Values of an observation that are not there: NaN, and in training parts that a step goes without, so that one model learns
/// the posterior given whatever is there.</summary>
/// <remarks>A part is what lies at one place of the first axis of x: a detector, an element, a value of a flat x. Each is left out by
/// itself, by chance. Draws are <see cref="ForwardMode.Dropout"/>'s: a step leaves out the same parts however often it is run.</remarks>
internal sealed class MissingParts
{
    private readonly double _probability;
    private readonly long _parts;
    private readonly ForwardMode _mode;

    public MissingParts(double probability, IReadOnlyList<int> shape, ForwardMode mode)
    {
        (_probability, _parts, _mode) = (probability, shape[0], mode);
        mode.NeedsDropout = true;
    }

    /// <returns>x with zeros where it is missing, and 1 where it is there, 0 elsewhere; (N, observation size) each.</returns>
    public (Tensor Values, Tensor Present) Split(Tensor x)
    {
        var present = x.isnan().logical_not().to_type(x.dtype);
        if (_mode.Training)
        {
            var draws = _mode.Dropout ?? throw new InvalidOperationException("missing parts have no draws for this step");
            using var uniform = rand([x.shape[0], _parts, 1], x.dtype, x.device, generator: draws);
            var kept = uniform.ge(Number.Of(_probability)).to_type(x.dtype);
            present = (present.view(x.shape[0], _parts, -1) * kept).view(x.shape);
        }

        return (where(present.gt(Number.Of(0)), x, zeros_like(x)), present);
    }
}
