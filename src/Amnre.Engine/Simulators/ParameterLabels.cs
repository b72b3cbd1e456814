namespace Amnre.Engine.Simulators;

/// <summary>Display labels of parameters that have no names of their own.</summary>
internal static class ParameterLabels
{
    /// <summary>θ₁, θ₂, …, θₙ.</summary>
    public static IReadOnlyList<string> Indexed(int count) =>
        [.. Enumerable.Range(1, count).Select(i => "θ" + string.Concat($"{i}".Select(digit => (char)('₀' + (digit - '0')))))];
}
