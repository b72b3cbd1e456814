using Amnre.Engine.MassTransport;

namespace Amnre.Engine.Tests.Evaluation;

/// <summary>Sums are the same to the last bit with vectors of either width.</summary>
public sealed class GridConvolutionWidthTests
{
    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(37, 5, 31)]
    [InlineData(100, 0, 100)]
    public void Both_widths_give_the_same_bits(int line, int from, int to)
    {
        var random = new Random(7);
        double[] Draw(int length) => [.. Enumerable.Range(0, length).Select(_ => Math.Exp(20 * random.NextDouble() - 10))];
        double[] values = Draw(4 * line), weights = Draw(2 * line + 64), before = Draw(128);
        double[] wide = [.. before], narrow = [.. before];

        GridLines.AddWide(ref wide[0], ref values[0], ref weights[line], line, from, to);
        GridLines.AddNarrow(ref narrow[0], ref values[0], ref weights[line], line, from, to);

        Assert.Equal(wide, narrow);
        Assert.NotEqual(before, wide);
    }
}
