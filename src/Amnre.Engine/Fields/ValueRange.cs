using System.Globalization;
using System.Text.Json.Nodes;

namespace Amnre.Engine.Fields;

/// <summary>The finite numbers that a field may have.</summary>
internal sealed record ValueRange
{
    public static ValueRange Positive { get; } = new() { Low = 0, IsLowOpen = true };

    /// <summary>Between 0 and 1, both excluded.</summary>
    public static ValueRange Fraction { get; } = new() { Low = 0, IsLowOpen = true, High = 1, IsHighOpen = true };

    /// <summary>From 0 to below 1.</summary>
    public static ValueRange Share { get; } = new() { Low = 0, High = 1, IsHighOpen = true };

    public required double Low { get; init; }

    public double High { get; init; } = double.PositiveInfinity;

    private bool IsLowOpen { get; init; }

    private bool IsHighOpen { get; init; }

    public static ValueRange AtLeast(double low) => new() { Low = low };

    public static ValueRange Within(double low, double high) => new() { Low = low, High = high };

    public static ValueRange UpTo(double high) => Positive with { High = high };

    /// <summary>What is wrong with a value, or with the first such number of a list; null when nothing is.</summary>
    public string? Error(object? value) => value switch
    {
        IEnumerable<double> list => list.Select(Of).FirstOrDefault(error => error is not null),
        IConvertible number => Of(number.ToDouble(CultureInfo.InvariantCulture)),
        _ => null,
    };

    /// <summary>Adds the bounds to the schema of a number.</summary>
    public void Describe(JsonObject schema)
    {
        schema[IsLowOpen ? "exclusiveMinimum" : "minimum"] = Low;
        if (double.IsFinite(High)) schema[IsHighOpen ? "exclusiveMaximum" : "maximum"] = High;
    }

    private string? Of(double value)
    {
        var isAbove = IsLowOpen ? value > Low : value >= Low;
        if (isAbove && (IsHighOpen ? value < High : value <= High) && double.IsFinite(value)) return null;
        return this == Positive ? $"{Text(value)} is not positive: give a number above 0"
            : double.IsPositiveInfinity(High) ? $"{Text(value)} is {(isAbove ? "not finite" : "too small")}: give at least {Text(Low)}"
            : $"{Text(value)} is out of range: give a number {Bounds}";
    }

    private string Bounds => (IsLowOpen, IsHighOpen) switch
    {
        (true, true) => $"between {Text(Low)} and {Text(High)}",
        (true, false) => $"above {Text(Low)}, up to {Text(High)}",
        (false, true) => $"from {Text(Low)} to below {Text(High)}",
        _ => $"from {Text(Low)} to {Text(High)}",
    };

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
