using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Amnre.Engine;

/// <summary>How values of enumerations are spelled in files, options, the database and on pages: in snake_case, or as
/// <see cref="JsonStringEnumMemberNameAttribute"/> says.</summary>
public static class EnumName
{
    /// <summary>The name of a value: <c>sample</c> for <c>JobKind.Sample</c>.</summary>
    public static string Of<TEnum>(TEnum value) where TEnum : struct, Enum => EnumNames<TEnum>.Of(value);

    /// <summary>All names, in the order of their values.</summary>
    public static IReadOnlyList<string> All<TEnum>() where TEnum : struct, Enum => EnumNames<TEnum>.Names;

    /// <summary>The value that is called <paramref name="name"/>, to the letter.</summary>
    public static bool TryParse<TEnum>([NotNullWhen(true)] string? name, out TEnum value) where TEnum : struct, Enum =>
        EnumNames<TEnum>.TryParse(name, out value);
}

/// <summary>The names of one enumeration.</summary>
internal static class EnumNames<TEnum>
{
    private static readonly Dictionary<string, TEnum> ByName = Enum.GetValues(typeof(TEnum)).Cast<TEnum>().ToDictionary(Spelled);

    private static readonly Dictionary<object, string> ByValue = ByName.ToDictionary(pair => (object)pair.Value!, pair => pair.Key);

    public static IReadOnlyList<string> Names { get; } = [.. ByName.Keys];

    public static IReadOnlyList<TEnum> Values { get; } = [.. ByName.Values];

    /// <summary>The number of a value that has no name.</summary>
    public static string Of(TEnum value) => ByValue.TryGetValue(value!, out var name) ? name : $"{value}";

    public static bool TryParse(string? name, [MaybeNullWhen(false)] out TEnum value) => ByName.TryGetValue(name ?? "", out value);

    private static string Spelled(TEnum value) =>
        typeof(TEnum).GetField($"{value}")!.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name
        ?? JsonNamingPolicy.SnakeCaseLower.ConvertName($"{value}");
}
