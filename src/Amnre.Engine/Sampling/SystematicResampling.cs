namespace Amnre.Engine.Sampling;

/// <summary>Unweighted draws from weighted ones: each is repeated in proportion to its weight, with the least noise.
/// Kitagawa, Monte Carlo filter and smoother for non-Gaussian nonlinear state space models (1996).</summary>
internal static class SystematicResampling
{
    /// <summary>Turns log weights into weights with the largest 1; what is not a number weighs nothing.</summary>
    /// <returns>Their sum, and the effective number of draws, (Σw)² / Σw².</returns>
    public static (double Sum, double Effective) Exponentiate(Span<float> logWeights)
    {
        var most = float.NegativeInfinity;
        foreach (var value in logWeights)
            if (value > most) most = value;
        double sum = 0, squares = 0;
        foreach (ref var value in logWeights)
        {
            var weight = MathF.Exp(value - most);
            value = float.IsFinite(weight) ? weight : 0;
            sum += value;
            squares += (double)value * value;
        }

        return (sum, sum * sum / squares);
    }

    /// <summary>The drawn indices, ascending.</summary>
    /// <param name="weights">Not negative, of the given sum.</param>
    /// <param name="count">How many indices.</param>
    /// <param name="offset">Uniform in [0, 1).</param>
    public static IEnumerable<int> Indices(float[] weights, double sum, int count, double offset)
    {
        var step = sum / count;
        var position = offset * step;
        var (cumulated, drawn, last) = (0.0, 0, 0);
        for (var i = 0; i < weights.Length && drawn < count; i++)
        {
            cumulated += weights[i];
            for (; drawn < count && position < cumulated; drawn++, position += step)
                yield return last = i;
        }

        // Rounding may leave the last positions just beyond the sum.
        for (; drawn < count; drawn++) yield return last;
    }
}
