namespace Amnre.Experiments.Benchmarks;

/// <summary>Which cells of the benchmark a study has.</summary>
public sealed record BenchmarkRequest
{
    /// <summary>Of the study: also its folder in the store.</summary>
    public required string Name { get; init; }

    /// <summary>As the benchmark calls them, with <c>-</c> for <c>_</c>.</summary>
    public required IReadOnlyList<string> Tasks { get; init; }

    /// <summary>Simulations for training and validation together.</summary>
    public required IReadOnlyList<int> Budgets { get; init; }

    /// <summary>Keys of <see cref="BenchmarkRecipes"/>.</summary>
    public required IReadOnlyList<string> Methods { get; init; }

    /// <summary>Draws of each posterior that are compared with as many of the reference.</summary>
    public int Draws { get; init; } = 10_000;

    /// <summary>Observations of each task that are compared, the first of its ten.</summary>
    public int Observations { get; init; } = 10;

    /// <summary>Whether marginals of one and two parameters are compared too.</summary>
    public bool Marginals { get; init; } = true;

    /// <summary>Simulations with known parameters that coverage is measured on.</summary>
    public int CoverageRows { get; init; } = 100;

    /// <summary>Most epochs of a training; null leaves them to the recipe.</summary>
    public int? Epochs { get; init; }

    /// <summary>Names simulations, initial weights and draws.</summary>
    public ulong Seed { get; init; }

    /// <summary>File of reference draws by task; tasks without one are compared with draws of their likelihood.</summary>
    public IReadOnlyDictionary<string, string> References { get; init; } = new Dictionary<string, string>();
}
