using System.Collections.Concurrent;
using System.Runtime.Intrinsics;
using Amnre.Engine.Masks;
using Amnre.Engine.Randomness;

namespace Amnre.Engine.Distributions;

/// <summary>Parameters that are normal together. The marginal of a subset is the normal of its means and of its part of the
/// covariance.</summary>
/// <remarks>Drawn again where a parameter lies beyond five of its deviations, so that grids have bounds. Densities leave this out of
/// their factor: they are too small by at most 6e-7 a parameter.</remarks>
public sealed class MultivariateNormalPrior : IPrior
{
    private const double Cut = 5;

    private readonly double[] _mean;
    private readonly double[,] _covariance;
    private readonly double[] _factor;
    private readonly ConcurrentDictionary<uint, double[]> _factors = [];

    /// <param name="mean">One for each parameter.</param>
    /// <param name="covariance">(D, D), symmetric and positive definite.</param>
    /// <exception cref="InputException">No such distribution.</exception>
    public MultivariateNormalPrior(IReadOnlyList<double> mean, double[,] covariance)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(covariance);
        var size = mean.Count;
        if (size == 0 || covariance.GetLength(0) != size || covariance.GetLength(1) != size)
            throw new InputException($"a multivariate normal of {size} means has a covariance of {covariance.GetLength(0)} × " +
                $"{covariance.GetLength(1)}: give one row and one column for each mean");
        for (var i = 0; i < size; i++)
        {
            if (!double.IsFinite(mean[i])) throw new InputException($"the multivariate normal's mean {mean[i]} is not finite");
            if (!(covariance[i, i] > 0 && double.IsFinite(covariance[i, i])))
                throw new InputException($"the multivariate normal's variance {covariance[i, i]} of its parameter {i + 1} must be above 0");
            for (var j = 0; j < i; j++)
                if (!(Math.Abs(covariance[i, j] - covariance[j, i]) <= 1e-9 * Math.Sqrt(covariance[i, i] * covariance[j, j])))
                    throw new InputException($"the multivariate normal's covariances {covariance[i, j]} and {covariance[j, i]} of its " +
                        $"parameters {j + 1} and {i + 1} differ: write them equal");
        }

        (_mean, _covariance) = ([.. mean], (double[,])covariance.Clone());
        _factor = Factor(uint.MaxValue >> (32 - size));
        float[] reach = [.. Enumerable.Range(0, size).Select(i => (float)(Cut * Math.Sqrt(covariance[i, i])))];
        Low = [.. _mean.Zip(reach, (centre, most) => (float)centre - most)];
        High = [.. _mean.Zip(reach, (centre, most) => (float)centre + most)];
        for (var i = 0; i < size; i++)
            if (!(Low[i] < High[i] && float.IsFinite(Low[i]) && float.IsFinite(High[i])))
                throw new InputException($"the multivariate normal's parameter {i + 1} has no width in single precision");
    }

    public IReadOnlyList<float> Low { get; }

    public IReadOnlyList<float> High { get; }

    public bool IsLogarithmic(int parameter) => false;

    public void Draw(ref CounterRandom random, Span<float> theta)
    {
        Span<double> z = stackalloc double[_mean.Length];
        bool isInside;
        do
        {
            for (var i = 0; i < z.Length; i += 2)
            {
                var (radius, angle) = (Vector256.Create(random.NextUInt32()), Vector256.Create(random.NextUInt32()));
                NormalPair.From(radius, angle, out var first, out var second);
                z[i] = first[0];
                if (i + 1 < z.Length) z[i + 1] = second[0];
            }

            isInside = true;
            for (int i = 0, place = 0; i < z.Length; i++)
            {
                var value = _mean[i];
                for (var j = 0; j <= i; j++) value = Math.FusedMultiplyAdd(_factor[place++], z[j], value);
                theta[i] = (float)value;
                isInside &= theta[i] >= Low[i] && theta[i] < High[i];
            }
        }
        while (!isInside);
    }

    public double LogDensity(ParameterMask mask, ReadOnlySpan<float> theta)
    {
        Span<double> z = stackalloc double[theta.Length];
        var factor = _factors.GetOrAdd(mask.Bits, static (bits, owner) => owner.Factor(bits), this);
        var (sum, row, place) = (0.0, 0, 0);
        for (var parameter = 0; parameter < mask.Size; parameter++)
        {
            if (!mask[parameter]) continue;
            if (!(theta[row] >= Low[parameter] && theta[row] < High[parameter])) return double.NegativeInfinity;
            var rest = theta[row] - _mean[parameter];
            for (var j = 0; j < row; j++) rest -= factor[place++] * z[j];
            z[row] = rest / factor[place];
            sum -= 0.5 * z[row] * z[row] + Math.Log(factor[place++]) + 0.91893853320467274;
            row++;
        }

        return sum;
    }

    /// <summary>Cholesky factor of a subset's covariance: the rows of its lower triangle one after the other.</summary>
    private double[] Factor(uint bits)
    {
        int[] chosen = [.. Enumerable.Range(0, _mean.Length).Where(i => (bits >> i & 1) == 1)];
        var lower = new double[chosen.Length * (chosen.Length + 1) / 2];
        for (var i = 0; i < chosen.Length; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var (mine, other) = (i * (i + 1) / 2, j * (j + 1) / 2);
                var rest = _covariance[chosen[i], chosen[j]];
                for (var k = 0; k < j; k++) rest -= lower[mine + k] * lower[other + k];
                if (i == j && !(rest > 1e-12 * _covariance[chosen[i], chosen[i]]))
                    throw new InputException("the multivariate normal's covariance is not positive definite: its parameter " +
                        $"{chosen[i] + 1} is a function of those before it, or a covariance is larger than the variances allow");
                lower[mine + j] = i == j ? Math.Sqrt(rest) : rest / lower[other + j];
            }
        }

        return lower;
    }
}
