using System.Text.Json.Nodes;

namespace Amnre.Engine.Fields;

/// <summary>A value as it was written, before its field says what it means.</summary>
public abstract record RawValue
{
    private RawValue()
    {
    }

    /// <summary>One value: a scalar of a file, or the value of an option.</summary>
    public sealed record Scalar(string Text) : RawValue;

    /// <summary>A list of single values.</summary>
    public sealed record Sequence(IReadOnlyList<string> Items) : RawValue;

    /// <summary>Keywords with values of any kind.</summary>
    public sealed record Mapping(JsonObject Keywords) : RawValue;

    /// <summary>What no field takes, such as a list of lists.</summary>
    public sealed record Other : RawValue;
}

/// <summary>What is wrong with a value that was written.</summary>
/// <param name="Text">The value; null where it is no single one.</param>
/// <param name="Problem">What is wrong, in words that follow the value.</param>
public sealed record Complaint(string? Text, string Problem)
{
    internal static Complaint NotSingle { get; } = new(null, "must be a single value");

    /// <summary>A sentence about a field of a file.</summary>
    public string OfField(string name) => Text is null ? $"'{name}' {Problem}" : $"{name} '{Text}' {Problem}";

    /// <summary>A sentence about an option.</summary>
    public string OfOption(string name) => Text is null ? $"option '{name}' {Problem}" : $"'{Text}' of option '{name}' {Problem}";
}

/// <summary>What reading gave.</summary>
/// <param name="Value">Meaningful only without a complaint.</param>
/// <param name="Complaint">Null when nothing is wrong.</param>
public readonly record struct Reading<TValue>(TValue Value, Complaint? Complaint)
{
    internal static Reading<TValue> Of(TValue value) => new(value, null);

    internal static Reading<TValue> Wrong(Complaint complaint) => new(default!, complaint);

    internal Reading<TOther> Select<TOther>(Func<TValue, TOther> change) =>
        Complaint is null ? Reading<TOther>.Of(change(Value)) : Reading<TOther>.Wrong(Complaint);
}
