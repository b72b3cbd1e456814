namespace Amnre.Engine.Simulators;

/// <summary>The simulators that commands and experiment files may name.</summary>
public static class SimulatorCatalog
{
    private static readonly Dictionary<string, Func<ISimulator>> Makers = new(StringComparer.OrdinalIgnoreCase)
    {
        ["SLCP"] = static () => new Slcp(),
        ["MLCP"] = static () => new Mlcp(),
        ["HH"] = static () => new HodgkinHuxley(),
    };

    public static IReadOnlyList<string> Names { get; } = [.. Makers.Keys];

    /// <summary>The simulator called <paramref name="name"/>, whatever its case.</summary>
    /// <exception cref="InputException">There is none of that name.</exception>
    public static ISimulator Find(string name) =>
        Makers.TryGetValue(name, out var make)
            ? make()
            : throw new InputException($"simulator '{name}' is not known: use one of {string.Join(", ", Names)}");
}
