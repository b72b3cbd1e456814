using System.Globalization;
using System.Text.Json.Nodes;

namespace Amnre.Engine.Fields;

/// <summary>Numbers and how they are read.</summary>
internal static class NumberForms
{
    public static ValueForm<int> Integer { get; } = new NumberForm<int>("integer", text => Whole(text) switch
    {
        null => "is not a whole number",
        < int.MinValue or > int.MaxValue => $"is out of range: at most {int.MaxValue}",
        _ => null,
    }, text => (int)Whole(text)!.Value);

    public static ValueForm<long> LongInteger { get; } = new NumberForm<long>("integer",
        text => Whole(text) is null ? "is not a whole number" : null, text => Whole(text)!.Value);

    public static ValueForm<ulong> Seed { get; } = new NumberForm<ulong>("integer",
        text => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? null : "is not a whole number from 0",
        text => ulong.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture));

    public static ValueForm<double> Real { get; } = new NumberForm<double>("number",
        text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? null : "is not a number",
        text => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture));

    /// <summary>Also <c>1e6</c> and <c>1_000_000</c>, which are whole and exact.</summary>
    private static long? Whole(string written)
    {
        var text = written.Replace("_", "", StringComparison.Ordinal);
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)) return value;
        return text.Contains('e', StringComparison.OrdinalIgnoreCase)
            && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real)
            && decimal.IsInteger(real) && Math.Abs(real) <= long.MaxValue ? (long)real : null;
    }

    private sealed class NumberForm<TValue>(string type, Func<string, string?> problem, Func<string, TValue> parse) : ValueForm<TValue>
        where TValue : struct, IFormattable
    {
        public override Reading<TValue> Read(RawValue raw) =>
            raw is not RawValue.Scalar scalar ? Reading<TValue>.Wrong(Complaint.NotSingle)
            : problem(scalar.Text) is { } wrong ? Reading<TValue>.Wrong(new(scalar.Text, wrong))
            : Reading<TValue>.Of(parse(scalar.Text));

        public override string Text(TValue value) => value.ToString(null, CultureInfo.InvariantCulture).ToLowerInvariant();

        public override JsonObject Schema() => new() { ["type"] = new JsonArray(type, "null") };
    }
}
