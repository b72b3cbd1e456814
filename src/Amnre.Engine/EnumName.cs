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
    public static string Of<T>(T value) where T : struct, Enum => EnumNames<T>.Of(value);

    /// <summary>All names, in the order of their values.</summary>
    public static IReadOnlyList<string> All<T>() where T : struct, Enum => EnumNames<T>.Names;

    /// <summary>The value that is called <paramref name="name"/>, to the letter.</summary>
    public static bool TryParse<T>([NotNullWhen(true)] string? name, out T value) where T : struct, Enum =>
        EnumNames<T>.TryParse(name, out value);
}

/// <summary>The names of one enumeration.</summary>
internal static class EnumNames<T>
{
    private static readonly Dictionary<string, T> ByName = Enum.GetValues(typeof(T)).Cast<T>().ToDictionary(Spelled);

    private static readonly Dictionary<object, string> ByValue = ByName.ToDictionary(pair => (object)pair.Value!, pair => pair.Key);

    public static IReadOnlyList<string> Names { get; } = [.. ByName.Keys];

    public static IReadOnlyList<T> Values { get; } = [.. ByName.Values];

    /// <summary>The number of a value that has no name.</summary>
    public static string Of(T value) => ByValue.TryGetValue(value!, out var name) ? name : $"{value}";

    public static bool TryParse(string? name, [MaybeNullWhen(false)] out T value) => ByName.TryGetValue(name ?? "", out value);

    private static string Spelled(T value) =>
        typeof(T).GetField($"{value}")!.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name
        ?? JsonNamingPolicy.SnakeCaseLower.ConvertName($"{value}");
}
