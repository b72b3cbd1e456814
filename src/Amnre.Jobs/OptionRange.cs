using System.Numerics;
using System.Runtime.CompilerServices;

namespace Amnre.Jobs;

/// <summary>Refuses values that an option cannot have, under the option's name.</summary>
public static class OptionRange
{
    /// <exception cref="ArgumentOutOfRangeException">Zero or less.</exception>
    public static TimeSpan Positive(TimeSpan value, [CallerMemberName] string option = "")
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero, option);
        return value;
    }

    /// <exception cref="ArgumentOutOfRangeException">Zero or less.</exception>
    public static T Positive<T>(T value, [CallerMemberName] string option = "") where T : INumberBase<T>
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value, option);
        return value;
    }

    /// <exception cref="ArgumentOutOfRangeException">Less than zero.</exception>
    public static TimeSpan NotNegative(TimeSpan value, [CallerMemberName] string option = "")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero, option);
        return value;
    }

    /// <exception cref="ArgumentOutOfRangeException">Less than zero.</exception>
    public static T NotNegative<T>(T value, [CallerMemberName] string option = "") where T : INumberBase<T>
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value, option);
        return value;
    }
}
