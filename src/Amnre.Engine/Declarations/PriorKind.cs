using Amnre.Engine.Distributions;

namespace Amnre.Engine.Declarations;

/// <summary>How the numbers of a prior are written.</summary>
internal enum PriorForm
{
    /// <summary>So many numbers.</summary>
    Numbers,

    /// <summary>Two or more points, each a value and its density.</summary>
    Points,

    /// <summary>A mean, then a row of the covariance up to its diagonal.</summary>
    MeanAndRow,
}

/// <summary>One of the priors that users may declare.</summary>
/// <param name="Name">As written.</param>
/// <param name="Example">What to write after the name.</param>
/// <param name="Form">How its numbers are written.</param>
/// <param name="Count">How many numbers, where that is fixed.</param>
/// <param name="Make">The prior of such numbers; null where parameters have it together.</param>
internal sealed record PriorKind(string Name, string Example, PriorForm Form, int Count, Func<IReadOnlyList<double>, Marginal>? Make)
{
    private static readonly string[] Discrete =
        ["bernoulli", "binomial", "categorical", "choice", "discrete", "geometric", "integer", "integers", "poisson"];

    public static IReadOnlyList<PriorKind> All { get; } =
    [
        new("uniform", "[low, high]", PriorForm.Numbers, 2, n => Marginal.Uniform((float)n[0], (float)n[1])),
        new("normal", "[mean, deviation]", PriorForm.Numbers, 2, n => Marginal.Normal((float)n[0], (float)n[1])),
        new("log_uniform", "[low, high]", PriorForm.Numbers, 2, n => Marginal.LogUniform((float)n[0], (float)n[1])),
        new("log_normal", "[mean, deviation]", PriorForm.Numbers, 2, n => Marginal.LogNormal(n[0], n[1])),
        new("half_normal", "[deviation]", PriorForm.Numbers, 1, n => Marginal.HalfNormal(n[0])),
        new("truncated_normal", "[mean, deviation, low, high]", PriorForm.Numbers, 4,
            n => Marginal.TruncatedNormal(n[0], n[1], n[2], n[3])),
        new("gamma", "[shape, rate]", PriorForm.Numbers, 2, n => Marginal.Gamma(n[0], n[1])),
        new("beta", "[a, b]", PriorForm.Numbers, 2, n => Marginal.Beta(n[0], n[1])),
        new("table", "[[value, density], [value, density], …]", PriorForm.Points, 0,
            n => Marginal.Table([.. n.Where((_, i) => i % 2 == 0)], [.. n.Where((_, i) => i % 2 == 1)])),
        new("multivariate_normal", "[mean, [covariances with those above, variance]]", PriorForm.MeanAndRow, 0, null),
    ];

    public static string Names => string.Join(", ", All.SkipLast(1).Select(kind => kind.Name)) + $" or {All[^1].Name}";

    /// <exception cref="InputException">There is none of that name.</exception>
    public static PriorKind Of(string name) => All.FirstOrDefault(kind => kind.Name == name) ?? throw new InputException(
        Discrete.Contains(name, StringComparer.OrdinalIgnoreCase)
            ? $"prior '{name}' is discrete, and parameters are continuous: estimates are densities. Declare a continuous prior and let " +
                "the simulator round, or train a model for each value"
            : $"prior '{name}' is unknown: use {Names}");
}
