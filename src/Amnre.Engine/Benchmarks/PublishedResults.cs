using System.Globalization;
using System.Reflection;

namespace Amnre.Engine.Benchmarks;

/// <summary>What others published for the benchmark's tasks: mean C2ST over the ten observations. The sources stand in
/// <c>published.csv</c>.</summary>
public static class PublishedResults
{
    private static readonly Lazy<string[][]> Lines = new(() =>
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("sbibm-published.csv")!;
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(','))];
    });

    private static readonly Lazy<Dictionary<(string Task, int Budget), double[]>> Rows = new(() =>
        Lines.Value.Skip(1).ToDictionary(
            cells => (cells[0], int.Parse(cells[1], CultureInfo.InvariantCulture)),
            cells => cells.Skip(2).Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray()));

    /// <summary>The methods, in the order of the values.</summary>
    public static IReadOnlyList<string> Methods => Lines.Value[0][2..];

    /// <summary>The tasks, as the benchmark calls them, with <c>-</c> for <c>_</c>.</summary>
    public static IReadOnlyList<string> Tasks => [.. Lines.Value.Skip(1).Select(cells => cells[0]).Distinct()];

    /// <summary>The budgets that were published, the smallest first.</summary>
    public static IReadOnlyList<int> Budgets => [.. Rows.Value.Keys.Select(key => key.Budget).Distinct().Order()];

    /// <param name="task">As <see cref="Tasks"/> has it.</param>
    /// <param name="budget">Simulations.</param>
    /// <returns>A value for each of <see cref="Methods"/>; null for another budget.</returns>
    public static IReadOnlyList<double>? Of(string task, int budget) => Rows.Value.GetValueOrDefault((task, budget));
}
