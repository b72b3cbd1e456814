using System.CommandLine;
using System.CommandLine.Completions;
using System.Globalization;
using Amnre.Engine;
using Amnre.Engine.Benchmarks;
using Amnre.Engine.Settings;
using Amnre.Experiments.Benchmarks;

namespace Amnre.Cli.Benchmarks;

/// <summary>What <c>amnre benchmark</c> takes, beside what every run takes.</summary>
internal sealed class BenchmarkOptions
{
    private const int LeastBudget = 100, MaxBudget = 10_000_000, MaxObservations = 10, MaxDraws = 1_000_000;

    public Argument<string> Suite { get; } = Among(new Argument<string>("suite") { Description = "The benchmark: sbibm" });

    public Option<string[]> Tasks { get; } = List("--tasks", "Tasks, such as two-moons,slcp [default: all ten]", PublishedResults.Tasks);

    public Option<string[]> Budgets { get; } = List(
        "--budgets", "Simulations for training and validation together, such as 1e3,1e4,1e5 [default: 1e3]", ["1e3", "1e4", "1e5"]);

    public Option<string[]> Methods { get; } = List(
        "--methods", "Methods, such as nre-c,amnre [default: nre,nre-c,amnre,npe]", BenchmarkRecipes.Methods);

    public Option<string> Output { get; } = new("--output", "-o")
    {
        Description = "Path that the names of the table, the figure and the experiment file begin with; its last part names the study",
        DefaultValueFactory = _ => "sbibm",
    };

    public Option<string?> References { get; } = new("--references")
    {
        Description = "The benchmark's own reference draws: its folder sbibm/tasks, with TASK/files/num_observation_N/" +
            "reference_posterior_samples.csv.bz2 (or .csv) [default: draws of the likelihood]",
    };

    public Option<int> Draws { get; } = new("--draws")
    {
        Description = "Draws of each posterior that are compared; the benchmark takes 10000",
        DefaultValueFactory = _ => 10_000,
    };

    public Option<int> Observations { get; } = new("--observations")
    {
        Description = "Observations of each task, the first of its ten",
        DefaultValueFactory = _ => MaxObservations,
    };

    public Option<bool> NoMarginals { get; } = new("--no-marginals")
    {
        Description = "Leave out marginals of one and two parameters: of ten parameters they are 55 comparisons for each observation",
    };

    public Option<int> CoverageRows { get; } = new("--coverage-rows")
    {
        Description = "Simulations that coverage is measured on, 0 for no coverage",
        DefaultValueFactory = _ => 100,
    };

    public Option<int?> Epochs { get; } = new("--epochs") { Description = "Most epochs of a training [default: by the recipe]" };

    public Option<ulong> Seed { get; } = new("--seed")
    {
        Description = "Names simulations, initial weights and draws",
        DefaultValueFactory = _ => 0,
    };

    public Option<bool> Print { get; } = new("--print")
    {
        Description = "Print the experiment file and start nothing: to edit it, and 'amnre run' it",
    };

    public Option<bool> Json { get; } = new("--json") { Description = "Print the table as JSON at the end" };

    public IReadOnlyList<Option> All =>
        [Tasks, Budgets, Methods, Output, References, Draws, Observations, NoMarginals, CoverageRows, Epochs, Seed, Print, Json];

    /// <summary>The cells asked for, without the files of reference draws.</summary>
    /// <exception cref="InputException">The first option that cannot be.</exception>
    public BenchmarkRequest Request(ParseResult parsed)
    {
        var name = Path.GetFileName(parsed.GetRequiredValue(Output));
        if (!PlainName.Is(name))
            throw new InputException($"--output '{parsed.GetRequiredValue(Output)}': its last part '{name}' names the study and a folder " +
                $"of the store: use {PlainName.Rule}");
        var tasks = Names("--tasks", parsed.GetValue(Tasks), PublishedResults.Tasks, PublishedResults.Tasks);
        var methods = Names("--methods", parsed.GetValue(Methods), BenchmarkRecipes.Methods, ["nre", "nre-c", "amnre", "npe"]);
        var given = parsed.GetValue(Budgets) is { Length: > 0 } written ? written : ["1e3"];
        IReadOnlyList<int> budgets = [.. Split("--budgets", given).Select(Budget).Distinct().Order()];
        return new BenchmarkRequest
        {
            Name = name,
            Tasks = tasks,
            Budgets = budgets,
            Methods = methods,
            Draws = Within("--draws", parsed.GetValue(Draws), EvaluateSettings.FewestCompared, MaxDraws),
            Observations = Within("--observations", parsed.GetValue(Observations), 1, MaxObservations),
            Marginals = !parsed.GetValue(NoMarginals),
            CoverageRows = parsed.GetValue(CoverageRows) == 0
                ? 0 : Within("--coverage-rows", parsed.GetValue(CoverageRows), EvaluateSettings.FewestDiagnosed, 1_000_000),
            Epochs = parsed.GetValue(Epochs) is { } epochs ? Within("--epochs", epochs, 1, 100_000) : null,
            Seed = parsed.GetValue(Seed) is var seed && seed <= uint.MaxValue
                ? seed : throw new InputException($"--seed {seed} is too large: give {uint.MaxValue} or less"),
        };
    }

    private static Argument<string> Among(Argument<string> suite)
    {
        suite.AcceptOnlyFromAmong("sbibm");
        return suite;
    }

    private static Option<string[]> List(string name, string description, IReadOnlyList<string> known) => new(name)
    {
        Description = description,
        Arity = ArgumentArity.OneOrMore,
        CompletionSources = { _ => known.Select(one => new CompletionItem(one)) },
    };

    private static List<string> Split(string option, string[] given)
    {
        var parts = given
            .SelectMany(text => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).ToList();
        return parts.Count > 0 ? parts : throw new InputException($"{option} '{string.Join(' ', given)}' names nothing: name at least one");
    }

    /// <summary>Underscores are the benchmark's own spelling.</summary>
    private static IReadOnlyList<string> Names(
        string option, string[]? given, IReadOnlyList<string> known, IReadOnlyList<string> otherwise)
    {
        if (given is null or { Length: 0 }) return otherwise;
        List<string> names = [.. Split(option, given).Select(name => name.ToLowerInvariant().Replace('_', '-')).Distinct()];
        foreach (var name in names.Where(name => !known.Contains(name)))
            throw new InputException($"{option} '{name}' is not known: " +
                (NearestName.Of(name, known) is { } near ? $"did you mean '{near}'?" : $"choose among {string.Join(", ", known)}"));
        return names;
    }

    private static int Budget(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        && value is >= LeastBudget and <= MaxBudget && value == Math.Floor(value)
            ? (int)value
            : throw new InputException($"--budgets '{text}' is no budget: give a whole number of simulations from {LeastBudget} to " +
                $"{MaxBudget}, such as 1e3");

    private static int Within(string option, int value, int least, int most) => value >= least && value <= most
        ? value : throw new InputException($"{option} {value} is out of range: from {least} to {most}");
}
