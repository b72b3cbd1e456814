namespace Amnre.Engine.Inference;

/// <summary>Whether chains agree with one another, and what their states are worth. Gelman et al., Bayesian Data Analysis (2013), 11.4 and
/// 11.5.</summary>
internal static class ChainConvergence
{
    /// <summary>Potential scale reduction of one parameter, each chain taken as two halves: 1 where all have the same mean, larger where
    /// they have not.</summary>
    /// <param name="states">At each step (chains, size).</param>
    /// <param name="parameter">Its place among the size.</param>
    /// <param name="size">Parameters of a state.</param>
    public static double SplitRatio(IReadOnlyList<float[]> states, int parameter, int size)
    {
        var length = states.Count / 2;
        var (means, variances) = (new List<double>(), new List<double>());
        for (var chain = 0; chain < states[0].Length / size; chain++)
        {
            for (var half = 0; half < 2; half++)
            {
                var (mean, variance) = Moments(states, half * length, length, chain * size + parameter);
                means.Add(mean);
                variances.Add(variance);
            }
        }

        var within = variances.Average();
        var grand = means.Average();
        var between = means.Sum(mean => (mean - grand) * (mean - grand)) / (means.Count - 1);
        return within > 0 ? Math.Sqrt((length - 1.0) / length + between / within) : 1;
    }

    /// <summary>Independent draws that the mean of a parameter over all states is worth: their number over 1 + 2 Σ ρ(lag), summed while
    /// pairs of neighbouring correlations are positive (Geyer 1992), with the variance between chains in it.</summary>
    /// <inheritdoc cref="SplitRatio" path="/param"/>
    public static double EffectiveSize(IReadOnlyList<float[]> states, int parameter, int size)
    {
        var (length, chains) = (states.Count, states[0].Length / size);
        var moments = Enumerable.Range(0, chains).Select(chain => Moments(states, 0, length, chain * size + parameter)).ToArray();
        var within = moments.Average(one => one.Variance);
        var grand = moments.Average(one => one.Mean);
        var between = chains > 1 ? moments.Sum(one => (one.Mean - grand) * (one.Mean - grand)) / (chains - 1) : 0;
        var total = within * (length - 1) / length + between;
        if (!(total > 0)) return length * (double)chains;
        var sum = -1.0;
        for (var lag = 0; lag + 1 < length; lag += 2)
        {
            var pair = Correlation(lag) + Correlation(lag + 1);
            if (pair <= 0) break;
            sum += 2 * pair;
        }

        return length * (double)chains / Math.Max(sum, 1e-3);

        double Correlation(int lag)
        {
            // Half the mean squared difference is what independent states would differ by, less what they share.
            var difference = 0.0;
            for (var chain = 0; chain < chains; chain++)
            {
                var at = chain * size + parameter;
                for (var step = lag; step < length; step++)
                {
                    var change = (double)states[step][at] - states[step - lag][at];
                    difference += change * change;
                }
            }

            return 1 - difference / ((length - lag) * (double)chains) / (2 * total);
        }
    }

    private static (double Mean, double Variance) Moments(IReadOnlyList<float[]> states, int first, int count, int at)
    {
        double sum = 0, squares = 0;
        for (var step = first; step < first + count; step++) sum += states[step][at];
        var mean = sum / count;
        for (var step = first; step < first + count; step++) squares += (states[step][at] - mean) * (states[step][at] - mean);
        return (mean, squares / Math.Max(1, count - 1));
    }
}
