using Amnre.Engine.Catalog;
using Amnre.Engine.Evaluation;
using Amnre.Engine.Settings;

namespace Amnre.Engine.Tests.Evaluation;

public sealed class EvaluateSettingsErrorsTests
{
    private static readonly EvaluateSettings Good = new() { Simulator = "slcp", Accuracy = true, Calibration = true, Consistency = true };

    [Fact]
    public void Good_settings_have_none() => Assert.Empty(Of(Good));

    [Fact]
    public void Every_bad_value_is_reported_at_once()
    {
        var errors = Of(Good with
        {
            Simulator = "HH",
            Device = new("tpu"),
            Threads = 0,
            First = -1,
            Last = -2,
            BatchSize = 0,
            Bins = 0,
            Steps = 5,
            Burn = 5,
            Sigma = 0,
            McmcLimit = double.NaN,
            EmdLimit = -1,
            Masks = ["0011", "=9", "00000"],
            Kl = true,
        });

        Assert.Equal(
            ["indices", "bs", "sigma", "bins", "mcmc_limit", "emd_limit", "device", "threads", "simulator", "steps", "masks", "masks",
                "masks"],
            errors.Select(error => error.Field));
        Assert.Contains("'0011' has 4 characters", errors[^3].Message);
    }

    [Fact]
    public void What_cannot_be_together_says_so_and_what_to_do()
    {
        Assert.Empty(Of(Good with { Masks = ["11111"] }));
        Assert.Contains("write a limit no larger", Message(Good with { Emd = DistanceMethod.Exact }));
        Assert.Empty(Of(Good with { Emd = DistanceMethod.Exact, EmdLimit = 2500 }));
        Assert.Contains(
            "true posterior of HH is not available",
            EvaluateSettingsErrors.Of(Good with { Simulator = "HH", Masks = ["=1"] }, SimulatorCatalog.Find("HH")).Single().Message);
        Assert.Empty(EvaluateSettingsErrors.Of(Good with { Simulator = "MLCP", Masks = ["=1"] }, SimulatorCatalog.Find("MLCP")));
        Assert.Contains(
            "likelihood of HH is not known",
            EvaluateSettingsErrors.Of(
                Good with { Accuracy = false, Simulator = "HH", Masks = ["=1"], Draws = 1000, Reference = "likelihood" },
                SimulatorCatalog.Find("HH")).Single().Message);
    }

    [Fact]
    public void An_evaluation_of_nothing_is_a_fault() =>
        Assert.Contains("nothing to do", Message(Good with { First = 0, Last = 0 }));

    [Theory]
    [InlineData("draws", "give draws too, such as 1000", "predictive full")]
    [InlineData("masks", "ask for mask 11111", "predictive draws")]
    [InlineData("draws", "0 teach a classifier nothing", "reference")]
    [InlineData("indices", "at least 10 rows", "diagnostics")]
    [InlineData("indices", "give observation rows", "none draws")]
    [InlineData("indices", "give observation rows", "none coverage")]
    [InlineData("given", "no parameter 'θ₉'", "given:θ₉=0")]
    [InlineData("given", "outside its prior, [-3, 3)", "given:θ₁=3")]
    [InlineData("given", "θ₁ is given twice", "given:θ₁=0,0=1")]
    [InlineData("given", "coverage, predictive judge posteriors of the observation alone", "given:θ₁=0 coverage predictive draws full")]
    [InlineData("masks", "every mask of 10000 holds a parameter that is given", "given:θ₁=0 first")]
    public void What_is_made_of_draws_must_have_them(string field, string message, string asked)
    {
        var none = asked.StartsWith("none", StringComparison.Ordinal);
        var settings = asked.Split(' ').Aggregate(new EvaluateSettings { Simulator = "SLCP", Kl = none },
            (so, what) => what.Split(':') switch
            {
                ["predictive"] => so with { Predictive = true },
                ["draws"] => so with { Draws = 100 },
                ["reference"] => so with { Reference = "some.h5" },
                ["diagnostics"] => so with { Diagnostics = true },
                ["coverage"] => so with { Coverage = true },
                ["full"] => so with { Masks = ["11111"] },
                ["first"] => so with { Masks = ["10000"] },
                ["none"] => so with { Last = 0 },
                ["given", var pairs] => so with
                {
                    Given = pairs.Split(',').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => float.Parse(pair[1])),
                },
                _ => throw new ArgumentException(what),
            });

        var (named, said) = Assert.Single(Of(settings));
        Assert.Equal(field, named);
        Assert.Contains(message, said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_filter_must_fit_the_simulator()
    {
        Assert.Contains("is not a mask of 5 parameters", Message(Good with { Filter = "1101" }));
        Assert.Contains("no mask is left", Message(Good with { Filter = "10000", Masks = ["=2"] }));
        Assert.Equal(
            ["10000", "01000", "11000"],
            EvaluateSettingsErrors.Masks(Good with { Filter = "11000" }, SimulatorCatalog.Find("SLCP")).Select(mask => mask.ToString()));
    }

    private static IReadOnlyList<(string Field, string Message)> Of(EvaluateSettings settings) =>
        EvaluateSettingsErrors.Of(settings, SimulatorCatalog.Find("SLCP"));

    private static string Message(EvaluateSettings settings) => Assert.Single(Of(settings)).Message;
}
