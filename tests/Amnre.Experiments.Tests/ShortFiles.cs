using Amnre.Experiments.Fields;
using Amnre.Experiments.Plans;
using Amnre.Experiments.Reading;
using Amnre.Jobs.Specs;

namespace Amnre.Experiments.Tests;

/// <summary>Short experiment files, read and planned.</summary>
internal static class ShortFiles
{
    private const string Head =
        """
        name: small
        simulator: SLCP
        datasets:
          train: { rows: 1000 }
          test: { rows: 100, seed: 1 }

        """;

    /// <summary>A file of two small datasets and what <paramref name="rest"/> says; its first line is line 6.</summary>
    public static ExperimentFile Read(string rest) => ExperimentReader.Read("small.yaml", Head + rest);

    public static ExperimentPlan Plan(string rest) => Planner.Plan(Read(rest));

    public static IReadOnlyList<ValidationError> Errors(string rest) => Assert.Throws<ExperimentException>(() => Read(rest)).Errors;

    public static void AssertError(IReadOnlyList<ValidationError> errors, int line, params string[] words)
    {
        var error = Assert.Single(errors);
        Assert.Equal(line, error.Line);
        foreach (var word in words) Assert.Contains(word, error.Message, StringComparison.Ordinal);
    }
}
