namespace Amnre.Engine.Rows;

/// <summary>Running mean and squared deviations of each observed value over the first rows of a dataset, added in order; the same
/// bits however the rows are split.</summary>
/// <param name="size">Values in one observation.</param>
/// <param name="count">Rows that count; further ones are passed over.</param>
internal sealed class MomentSum(int size, long count)
{
    private readonly double[] _mean = new double[size];
    private readonly double[] _squares = new double[size];
    private readonly long[] _nonFinite = new long[size];
    private long _count;

    /// <summary>Rows still wanted.</summary>
    public long Missing => count - _count;

    /// <param name="x">(n, size), row-major.</param>
    public void Add(ReadOnlySpan<float> x)
    {
        for (; x.Length > 0 && Missing > 0; x = x[size..])
        {
            _count++;
            for (var i = 0; i < size; i++)
            {
                // Welford 1962: squares of values around a running mean do not cancel.
                if (!float.IsFinite(x[i])) _nonFinite[i]++;
                var d = x[i] - _mean[i];
                _mean[i] += d / _count;
                _squares[i] += d * (x[i] - _mean[i]);
            }
        }
    }

    /// <exception cref="InputException">An observed value is not finite, or always the same: no row could be standardised.</exception>
    /// <param name="rows">What the rows are of, for messages.</param>
    /// <param name="keepConstants">A value that is always the same has a sigma of 1: it may vary in other rows.</param>
    public ObservationMoments Result(string rows, bool keepConstants)
    {
        for (var i = 0; i < size; i++)
        {
            var deviation = (float)Math.Sqrt(_squares[i] / _count);
            if (!float.IsFinite(deviation))
            {
                throw new InputException(_nonFinite[i] == 0
                    ? $"{rows}: observed value {i} is so large in the first {_count} rows that its deviation " +
                        "is no number of single precision, so x cannot be standardised: scale it, or leave the moments out"
                    : $"{rows}: observed value {i} is not finite in {_nonFinite[i]} of the first {_count} " +
                        "rows, which are kept, so mu and sigma cannot be estimated from them: "
                        + "leave such rows out (amnre sample --on-nonfinite drop), copy the moments of another dataset (reference), or " +
                            "leave the moments out");
            }

            if (deviation == 0 && !keepConstants)
                throw new InputException($"{rows}: observed value {i} is {_mean[i]} in all of the first " +
                    $"{_count} rows, so x cannot be standardised: estimate from more rows, or leave the moments out");
        }

        return new ObservationMoments(
            [.. _mean.Select(value => (float)value)],
            [.. _squares.Select(sum => (float)Math.Sqrt(sum / _count) is var sigma && sigma > 0 ? sigma : 1)]);
    }
}
