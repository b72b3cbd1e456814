using System.Globalization;
using System.Text;
using Amnre.Engine.Catalog;
using Amnre.Engine.Masks;

namespace Amnre.Experiments.Benchmarks;

/// <summary>The experiment file of a benchmark: a document for each task. Pure.</summary>
public static class BenchmarkStudy
{
    /// <summary>The model of a cell.</summary>
    public static string ModelOf(string task, int budget, string method) => $"{task}-{Spelt(budget)}-{method}";

    /// <summary>The evaluation that compares a task's models with its reference.</summary>
    public static string ComparisonOf(string task) => $"{task}-c2st";

    /// <summary>The evaluation that measures their coverage.</summary>
    public static string CoverageOf(string task) => $"{task}-coverage";

    /// <summary>1e3 where a budget is a power of ten, as the benchmark writes it.</summary>
    public static string Spelt(int budget)
    {
        var power = (int)Math.Round(Math.Log10(budget));
        return budget >= 1000 && budget == (int)Math.Pow(10, power)
            ? $"1e{power}"
            : budget.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The whole file. The same request gives the same text.</summary>
    public static string Text(BenchmarkRequest request) =>
        "# Each document is a task of the benchmark of Lueckmann et al. (AISTATS 2021).\n" +
        string.Join("---\n", request.Tasks.Select(task => Document(request, task)));

    private static string Document(BenchmarkRequest request, string task)
    {
        var simulator = SimulatorCatalog.Find($"sbibm-{task}");
        var (text, seed) = (new StringBuilder(), 3 * request.Seed);
        void Line(FormattableString line) => text.Append(FormattableString.Invariant(line)).Append('\n');

        Line($"name: {request.Name}");
        Line($"simulator: {simulator.Name}");
        Line($"datasets:");
        Line($"  {task}-observed: {{ events: true }}");
        if (request.CoverageRows > 0) Line($"  {task}-test: {{ rows: {request.CoverageRows}, seed: {seed + 2} }}");
        foreach (var budget in request.Budgets)
        {
            var (valid, data) = (BenchmarkRecipes.ValidRows(budget), $"{task}-{Spelt(budget)}");
            Line($"  {data}-train: {{ rows: {budget - valid}, seed: {seed}, moments: true, dump: {budget - valid} }}");
            Line($"  {data}-valid: {{ rows: {valid}, seed: {seed + 1}, moments: true, reference: {data}-train }}");
        }

        Line($"models:");
        foreach (var budget in request.Budgets)
        {
            var data = $"{task}-{Spelt(budget)}";
            foreach (var method in request.Methods)
            {
                Line($"  {ModelOf(task, budget, method)}:");
                Line($"    {{ samples: {data}-train, valid: {data}-valid, seed: {request.Seed},");
                Line($"      {BenchmarkRecipes.Of(method, budget, request.Epochs)} }}");
            }
        }

        var full = $"\"{ParameterMask.Full(simulator.ThetaSize)}\"";
        var masks = !request.Marginals ? full : simulator.ThetaSize == 2 ? $"=1, {full}" : $"=1, =2, {full}";
        Line($"evaluations:");
        Line($"  {ComparisonOf(task)}:");
        Line($"    {{ data: {task}-observed, indices: [0, {request.Observations}], masks: [{masks}], bins: 20, clean: true,");
        var reference = request.References.TryGetValue(task, out var file) ? Quoted(file) : "likelihood";
        Line($"      draws: {request.Draws}, reference: {reference} }}");
        if (request.CoverageRows > 0)
        {
            Line($"  {CoverageOf(task)}:");
            Line($"    {{ data: {task}-test, indices: [0, {request.CoverageRows}], masks: [{full}], bins: 20, clean: true,");
            Line($"      diagnostics: true }}");
        }

        return text.ToString();
    }

    private static string Quoted(string path) => $"'{path.Replace("'", "''", StringComparison.Ordinal)}'";
}
