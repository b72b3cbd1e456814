using Amnre.Engine.Drawing;
using Amnre.Engine.Figures;

namespace Amnre.Engine.Tests.Figures;

public sealed class LossLineTests
{
    [Fact]
    public void A_line_runs_along_the_bound_from_where_it_leaves_to_where_it_comes_back()
    {
        var line = LossLine.Of([1, 2, 3, 4], [101, 1, double.NaN, -9], series: 2, isValidation: true).Within(0, 11);

        Assert.Equal([1, 1.9, 2, 2.2, 4], line.Epochs.Select(epoch => Math.Round(epoch, 12)));
        Assert.Equal([11, 11, 1, 0, 0], line.Losses);
        Assert.Equal((2, true), (line.Series, line.IsValidation));
    }

    [Fact]
    public void A_line_that_crosses_all_of_the_picture_meets_both_bounds()
    {
        Assert.Equal([0, 0, 10, 10], LossLine.Of([1, 2], [-10, 20], 0, false).Within(0, 10).Losses);
        Assert.Equal([10, 10, 0, 0], LossLine.Of([1, 2], [20, -10], 0, false).Within(0, 10).Losses);
    }

    /// <summary>A training that began badly: its dashes were drawn one by one up to the first loss.</summary>
    [Theory]
    [InlineData("5e7")]
    [InlineData("1e30")]
    public void A_first_loss_of_any_height_is_drawn_at_once(string first)
    {
        using var folder = new ScratchDirectory();
        File.WriteAllText(folder["a.csv"],
            $"epoch,time,lr,mean,std,v_mean,v_std\n1,1,1,{first},1,1.3,1\n2,1,1,1.4,1,1.2,1\n3,1,1,1.3,1,1.1,1\n");
        var before = GC.GetAllocatedBytesForCurrentThread();

        LossFigure.Of(["a"], [[folder["a.csv"]]]).Save(folder["a"]);

        Assert.All(Picture.Formats, format => Assert.InRange(new FileInfo(folder["a"] + format).Length, 1_000, 1_000_000));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 64 << 20);
    }
}
