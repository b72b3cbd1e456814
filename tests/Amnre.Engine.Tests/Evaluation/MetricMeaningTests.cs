using Amnre.Engine.Evaluation;

namespace Amnre.Engine.Tests.Evaluation;

public sealed class MetricMeaningTests
{
    [Theory]
    [InlineData("mean_c2st_5d", 0.52, "good")]
    [InlineData("mean_c2st_5d", 0.7, "fair")]
    [InlineData("mean_c2st_2d", 0.9, "poor")]
    [InlineData("mean_total_probability_1d", 0.9, "good")]
    [InlineData("mean_total_probability_1d", 0.6, "fair")]
    [InlineData("mean_total_probability_1d", 2.5, "poor")]
    [InlineData("mean_total_probability_1d", 0, "poor")]
    [InlineData("mean_kl_truth_2d", 0.01, "good")]
    [InlineData("mean_kl_truth_2d", 0.6, "poor")]
    [InlineData("coverage_area_1d", -0.02, "good")]
    [InlineData("coverage_area_1d", 0.08, "fair")]
    [InlineData("coverage_area_1d", -0.2, "poor")]
    [InlineData("mean_effective_size_5d", 500, "good")]
    [InlineData("min_effective_draws_5d", 50, "poor")]
    [InlineData("observations_without_probability", 1, "poor")]
    [InlineData("observations_unlike_simulations", 0, "good")]
    [InlineData("observations_unlike_simulations", 1, "poor")]
    [InlineData("min_likeness", 0.3, "good")]
    [InlineData("min_likeness", 0.001, "poor")]
    [InlineData("kl_10000", -0.2, "poor")]
    [InlineData("kl_10000", 0.4, "none")]
    [InlineData("loss", 0.4, "none")]
    public void A_number_is_good_or_not_by_what_it_means(string name, double value, string grade)
    {
        var meaning = MetricMeaning.Of(name, value, [new("observations", 512)])!;

        Assert.Equal(grade, EnumName.Of(meaning.Grade));
        Assert.NotEmpty(meaning.Text);
    }

    /// <summary>With few observations chance explains more.</summary>
    [Fact]
    public void What_chance_explains_is_no_fault()
    {
        Assert.Equal(MetricGrade.Good, MetricMeaning.Of("coverage_area_1d", 0.15, [new("observations", 32)])!.Grade);
        Assert.Equal(MetricGrade.Poor, MetricMeaning.Of("coverage_area_1d", 0.15, [new("observations", 2048)])!.Grade);
    }

    [Theory]
    [InlineData("observations")]
    [InlineData("accuracy")]
    [InlineData("coverage.mean")]
    public void A_number_that_is_not_known_gets_no_words(string name) => Assert.Null(MetricMeaning.Of(name, 1, []));
}
