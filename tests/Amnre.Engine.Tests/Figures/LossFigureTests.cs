using Amnre.Engine.Figures;

namespace Amnre.Engine.Tests.Figures;

public sealed class LossFigureTests
{
    private static readonly List<double> Healthy = [.. Enumerable.Range(0, 36).Select(epoch => 0.2 + Math.Exp(-epoch / 8.0))];

    [Fact]
    public void One_training_that_diverges_does_not_squeeze_the_others()
    {
        var (low, high) = LossFigure.Range(
            [.. Healthy, .. Healthy.Take(20), .. Enumerable.Range(1, 10).Select(power => Math.Pow(10, power))], Healthy, Healthy[0]);

        Assert.InRange(low, -2, 0.2);
        Assert.InRange(high, 1.2, 15);
    }

    [Fact]
    public void A_training_alone_is_shown_from_its_first_loss_to_its_last()
    {
        var (low, high) = LossFigure.Range(Healthy, Healthy, Healthy[0]);

        Assert.True(low <= Healthy.Min() && high >= Healthy.Max() && high < 1.5);
    }

    [Fact]
    public void The_start_of_a_training_that_learns_at_once_is_shown()
    {
        var (_, high) = LossFigure.Range([1.2, .. Enumerable.Range(0, 40).Select(epoch => 0.2 + 1e-4 * epoch)], [1.3, 0.2], 1.2);

        Assert.InRange(high, 1.2, 1.4);
    }

    [Fact]
    public void A_training_whose_losses_are_all_the_same_has_a_range()
    {
        var (low, high) = LossFigure.Range([.. Enumerable.Repeat(0.7, 30)], [0.7, 0.8], 0.7);

        Assert.True(low < 0.7 && high > 0.7);
    }
}
