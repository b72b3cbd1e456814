using System.Globalization;
using System.Numerics;

namespace Amnre.Experiments.Benchmarks;

/// <summary>How each method is trained, by the budget alone: no recipe knows the task.</summary>
public static class BenchmarkRecipes
{
    private const string Network = "model: { arch: ResNet, num_blocks: 3, residual_size: 128, activation: ELU }";

    private const string Flow = "flow: true, model: { arch: PRQ, num_transforms: 5, hidden_features: 64, num_blocks: 2, bounded: true }";

    private static readonly Dictionary<string, Func<int, string>> Fields = new(StringComparer.Ordinal)
    {
        ["nre"] = static _ => Network,
        ["nre-b"] = static _ => $"criterion: NRE-B, contrasts: 9, {Network}",
        ["nre-c"] = static budget => FormattableString.Invariant(
            $"criterion: NRE-C, contrasts: {Math.Clamp(Math.Min(BatchSize(budget), ValidRows(budget)) / 2, 2, 64)}, {Network}"),
        ["amnre"] = static _ => $"arbitrary: true, {Network}",
        ["npe"] = static _ => Flow,
    };

    public static IReadOnlyList<string> Methods { get; } = [.. Fields.Keys];

    /// <summary>A tenth of the budget validates.</summary>
    public static int ValidRows(int budget) => budget / 10;

    /// <summary>Fields of a section of <c>models</c>.</summary>
    /// <param name="method">One of <see cref="Methods"/>.</param>
    /// <param name="budget">Simulations.</param>
    /// <param name="epochs">At most; null for as many as the recipe has.</param>
    public static string Of(string method, int budget, int? epochs)
    {
        var (size, rows) = (BatchSize(budget), budget - ValidRows(budget));
        var descents = Math.Clamp((rows + size - 1) / size, 1, 1024);
        return string.Create(CultureInfo.InvariantCulture,
            $"{Fields[method](budget)}, epochs: {epochs ?? Epochs(budget)}, descents: {descents}, bs: {size}, lr: 5e-4, average: 0.99, " +
            $"keep: best, early_stopping: 30, patience: 10");
    }

    /// <summary>32 at 300 simulations and fewer, then twice as many for ten times the budget.</summary>
    private static int BatchSize(int budget) =>
        (int)Math.Clamp(BitOperations.RoundUpToPowerOf2((uint)(64 * Math.Pow(2, Math.Log10(budget / 1000.0)) / 1.4)), 16, 512);

    private static int Epochs(int budget) => budget switch { <= 3_000 => 400, <= 30_000 => 300, _ => 200 };
}
