namespace Amnre.Engine.Truth;

/// <summary>The powers of the likelihood through which draws of the prior become draws of the posterior.</summary>
internal static class AnnealingPower
{
    /// <summary>The next power leaves draws worth this share of those of the last.</summary>
    private const double KeptShare = 0.5;

    /// <param name="likelihood">Logarithms of the draws' likelihoods; one at least is above −∞.</param>
    /// <param name="power">The last power.</param>
    public static double Next(double[] likelihood, double power)
    {
        var full = Worth(likelihood, 0);
        if (Worth(likelihood, 1 - power) >= KeptShare * full) return 1;
        // A likelihood may span so many orders of magnitude that only its logarithm can be halved.
        var (low, high) = (-40.0, 0.0);
        for (var i = 0; i < 40; i++)
        {
            var middle = (low + high) / 2;
            if (Worth(likelihood, (1 - power) * Math.Pow(10, middle)) >= KeptShare * full) low = middle;
            else high = middle;
        }

        return power + (1 - power) * Math.Pow(10, low);
    }

    /// <summary>(Σw)² / Σw² of the weights L^step; at step 0 the number that have a likelihood.</summary>
    private static double Worth(double[] likelihood, double step)
    {
        var most = likelihood.Max();
        double sum = 0, squares = 0;
        foreach (var value in likelihood)
        {
            if (double.IsNegativeInfinity(value)) continue;
            var weight = Math.Exp(step * (value - most));
            sum += weight;
            squares += weight * weight;
        }

        return sum * sum / squares;
    }
}
