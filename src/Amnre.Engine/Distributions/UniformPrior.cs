using Amnre.Engine.Masks;

namespace Amnre.Engine.Distributions;

/// <summary>Independent uniform parameters on [Low, High).</summary>
internal sealed class UniformPrior(IReadOnlyList<float> low, IReadOnlyList<float> high)
{
    public IReadOnlyList<float> Low { get; } = low;

    public IReadOnlyList<float> High { get; } = high;

    /// <summary>log p(theta_b), −∞ outside the support.</summary>
    public double LogDensity(ParameterMask mask, ReadOnlySpan<float> theta)
    {
        var sum = 0.0;
        for (int parameter = 0, k = 0; parameter < mask.Size; parameter++)
        {
            if (!mask[parameter]) continue;
            var value = theta[k++];
            if (!(value >= Low[parameter] && value < High[parameter])) return double.NegativeInfinity;
            sum -= Math.Log((double)High[parameter] - Low[parameter]);
        }

        return sum;
    }
}
