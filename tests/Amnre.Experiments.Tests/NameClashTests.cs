using Amnre.Experiments.Fields;
using Amnre.Experiments.Reading;
using static Amnre.Experiments.Tests.ShortFiles;

namespace Amnre.Experiments.Tests;

/// <summary>Results of one experiment never share a file name: what 'run' would refuse, or one link would hide, is an error of the
/// file.</summary>
public sealed class NameClashTests
{
    [Theory]
    // a_b + c = a + b_c
    [InlineData("a a_b", "c b_c")]
    // a_e_0.csv: a table of the one, a consistency matrix of the other
    [InlineData("a", "e e_0")]
    [InlineData("a", "e e_12_01001")]
    [InlineData("a", "e e_truth")]
    [InlineData("a", "e e_truth_3_00110")]
    [InlineData("a", "e e_summary")]
    [InlineData("a", "e e_sampling")]
    [InlineData("a a_e", "e 7")]
    public void Evaluations_whose_files_would_share_names_are_refused_together_with_their_lines(string models, string evaluations)
    {
        var error = Assert.Single(Errors(File(models, evaluations)));

        Assert.Contains("would write files of the same names", error.Message, StringComparison.Ordinal);
        Assert.Contains("rename one of them", error.Message, StringComparison.Ordinal);
        Assert.InRange(error.Line, 7, 40);
    }

    [Theory]
    [InlineData("a b", "e f e_big e_0x e-0 truth e_truthful e_sampling_2")]
    [InlineData("a a_b", "c d_c")]
    public void Names_that_only_look_alike_are_taken(string models, string evaluations)
    {
        Assert.NotEmpty(Plan(File(models, evaluations)).Jobs);
    }

    [Theory]
    [InlineData("c c_01")]
    [InlineData("c c_entropy")]
    public void Figures_are_compared_too(string figures)
    {
        var rest = File("a", "e") + "figures:\n" + string.Concat(figures.Split(' ').Select(name => $"  {name}: {{ type: loss }}\n"));

        Assert.Contains("figure 'c'", Assert.Single(Errors(rest)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("artifacts")]
    [InlineData("logs")]
    public void A_folder_of_the_store_is_no_name_of_an_experiment(string name)
    {
        var errors = Assert.Throws<ExperimentException>(
            () => ExperimentReader.Read("s.yaml", $"name: {name}\nsimulator: SLCP\ndatasets: {{ d: {{ rows: 8 }} }}\n")).Errors;

        AssertError(errors, 1, name, "another name");
    }

    private static string File(string models, string evaluations) =>
        "models:\n" + string.Concat(models.Split(' ').Select((name, i) => $"  {name}: {{ samples: train, seed: {i} }}\n"))
        + "evaluations:\n" + string.Concat(evaluations.Split(' ').Select((name, i) => $"  {name}: {{ data: test, seed: {i} }}\n"));
}
