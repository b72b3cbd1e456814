namespace Amnre.Engine.Observations;

/// <summary>Numbers as a file holds them, rounded to single precision.</summary>
/// <param name="Shape">Lengths of the dimensions; none for one number.</param>
/// <param name="Values">Row-major.</param>
internal sealed record NumericArray(IReadOnlyList<long> Shape, float[] Values)
{
    /// <summary>Values of one file at the most.</summary>
    public const long MaxValues = 1 << 28;

    /// <summary>A number as single precision holds it.</summary>
    /// <param name="value">As it was given.</param>
    /// <param name="place">Its index among the values.</param>
    /// <exception cref="InputException">It is not a number, infinite, or too large.</exception>
    public static float Single(double value, long place)
    {
        var single = (float)value;
        if (float.IsFinite(single)) return single;
        throw new InputException(double.IsFinite(value)
            ? FormattableString.Invariant(
                $"value {place} is {value:R}, which single precision does not hold: give it in other units, those of the simulator")
            : FormattableString.Invariant(
                $"value {place} is {value}: an observation must be finite; leave it out, or fill it in as the simulations were"));
    }

    /// <summary>The number of values of a shape.</summary>
    /// <exception cref="InputException">More than <see cref="MaxValues"/>.</exception>
    public static int Count(IReadOnlyList<long> shape)
    {
        var count = 1L;
        foreach (var length in shape)
        {
            if (length < 0 || length > 0 && count > MaxValues / length)
                throw new InputException($"shape ({string.Join(", ", shape)}) has more than {MaxValues} values: give fewer " +
                    "observations at once");
            count *= length;
        }

        return (int)count;
    }
}
