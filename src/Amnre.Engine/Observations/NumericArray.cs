using System.Globalization;

namespace Amnre.Engine.Observations;

/// <summary>Numbers as a file holds them, rounded to single precision.</summary>
/// <param name="Shape">Lengths of the dimensions; none for one number.</param>
/// <param name="Values">Row-major.</param>
internal sealed record NumericArray(IReadOnlyList<long> Shape, float[] Values)
{
    /// <summary>What the file calls the columns; null where it does not.</summary>
    public ColumnNames? Columns { get; init; }

    /// <summary>Values of one file at the most.</summary>
    public const long MaxValues = 1 << 28;

    /// <summary>Whether single precision holds a number, or NaN where values may be missing.</summary>
    public static bool Takes(double value, bool missing) => float.IsFinite((float)value) || (missing && double.IsNaN(value));

    /// <summary>Why single precision does not hold a number.</summary>
    /// <param name="value">As it was given: not a number, infinite, or too large.</param>
    /// <param name="place">Where it is, such as <c>line 2, column 3</c>.</param>
    public static InputException Refusal(double value, string place)
    {
        var what = value.ToString("R", CultureInfo.InvariantCulture);
        return new(double.IsFinite(value)
            ? $"{place} is {what}, which single precision does not hold: give it in other units, those of the simulator"
            : $"{place} is {what}: values must be finite; leave the row out, fill it in as the simulations were, or train a model " +
                "that can do without (embedding: missing)");
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
