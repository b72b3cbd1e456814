using Amnre.Cli.Inference;
using Amnre.Engine.Inference;
using Amnre.Engine.Masks;

namespace Amnre.Cli.Tests.Inference;

/// <summary>Every number of the table has digits that tell something, in whatever units the parameter is.</summary>
public sealed class PosteriorTableTests
{
    [Theory]
    [InlineData(0.7801, 0.0706, 0.7798, 0.6418, 0.9172, false, "0.7801 0.0706 0.7798 0.6418 0.9172")]
    [InlineData(1234567, 2345, 1234500, 1230000, 1239000, false, "1234567 2345 1234500 1230000 1239000")]
    [InlineData(3.2e-22, 8.1e-23, 3.1e-22, 1.8e-22, 4.9e-22, false, "3.2e-22 8.1e-23 3.1e-22 1.8e-22 4.9e-22")]
    // A posterior over decades, whose mean is that of its upper end.
    [InlineData(0.00580077, 0.0174113, 0.000188878, 1.00128e-06, 0.03258, true, "0.0058 0.0174 0.000189 1e-6 0.0326")]
    [InlineData(1.2e-21, 2.3e-21, 1.1e-25, 1e-30, 9.6e-21, true, "1.2e-21 2.3e-21 1.1e-25 1e-30 9.6e-21")]
    // A narrow one of the same prior.
    [InlineData(0.10911, 0.0545, 0.0994, 0.0359, 0.2439, true, "0.1091 0.0545 0.0994 0.0359 0.2439")]
    // Known to nine digits.
    [InlineData(5.00000012, 0.00000003, 5.00000011, 5.00000006, 5.00000018, false, "5.00000012 3e-8 5.00000011 5.00000006 5.00000018")]
    public void Numbers(double mean, double deviation, double median, double low, double high, bool isLogarithmic, string written)
    {
        var marginal = new MarginalSummary("k", mean, deviation, median, [(low, high)], [(low, high)], 0.5)
        {
            IsLogarithmic = isLogarithmic,
        };

        var cells = PosteriorTable.Of(Posterior(marginal)).Last().Split(' ', StringSplitOptions.RemoveEmptyEntries);

        var numbers = written.Split(' ');
        Assert.Equal(["k", .. numbers[..4], "to", numbers[4], numbers[3], "to", numbers[4], "0.50", "nat"], cells);
    }

    private static ObservationPosterior Posterior(MarginalSummary marginal) => new()
    {
        Index = 0,
        MissingValues = 0,
        Mask = ParameterMask.Full(1),
        Draws = [1],
        Way = "chain rule",
        EffectiveSize = 1,
        Marginals = [marginal],
        Pairs = [],
        BayesFactors = [],
        Likeness = null,
        Warnings = [],
    };
}
