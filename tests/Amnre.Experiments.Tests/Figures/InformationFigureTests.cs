using Amnre.Experiments.Fields;
using Amnre.Experiments.Plans;
using Amnre.Experiments.Reading;

namespace Amnre.Experiments.Tests.Figures;

/// <summary>Figures of type information, as a study plans them.</summary>
public sealed class InformationFigureTests
{
    [Theory]
    [InlineData("kl: true", "row: 1", "histograms/1_* kl.json")]
    [InlineData("kl: false", "", "histograms/0_*")]
    public void It_reads_the_histograms_of_its_row_and_the_means_where_there_are_any(string evaluation, string figure, string inputs)
    {
        var plan = Planner.Plan(ExperimentReader.Read("small.yaml", Text(evaluation, figure)));

        Assert.Equal(inputs, string.Join(' ', plan.Jobs.Single(job => job.Name == "plot/told").Inputs.Select(input => input.Output)));
    }

    [Theory]
    [InlineData("clean: true", "", "keeps no histograms: remove its clean: true")]
    [InlineData("given: { θ₂: 0 }", "", "is conditioned on values")]
    [InlineData("kl: true", "row: 2", "row 2 is not evaluated")]
    public void What_it_cannot_show_is_refused(string evaluation, string figure, string message) => Assert.Contains(message,
        Assert.Throws<ExperimentException>(() => ExperimentReader.Read("small.yaml", Text(evaluation, figure))).Message,
        StringComparison.Ordinal);

    private static string Text(string evaluation, string figure) =>
        PlannerTests.Begun + $"\n  seen: {{ data: test, indices: [0, 2], {evaluation} }}\nfigures:\n  told: " +
        $"{{ type: information, evaluation: seen{(figure.Length > 0 ? ", " : "")}{figure} }}\n";
}
