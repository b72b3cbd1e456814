using Amnre.Engine.Ensembles;
using Amnre.Engine.Settings;

namespace Amnre.Engine.Tests.Ensembles;

public sealed class CombinedRatiosTests
{
    [Fact]
    public void Two_models_are_combined_as_by_hand()
    {
        float[] one = [0, MathF.Log(2), -3, 500], other = [2, MathF.Log(4), -3, -500];

        // log 2 and log 4: the geometric mean of 2 and 4 is √8, and the mean is 3.
        AssertClose([1, Math.Log(Math.Sqrt(8)), -3, 0], Combined(Combination.Mean, one, other));
        AssertClose([Math.Log((1 + Math.Exp(2)) / 2), Math.Log(3), -3, 500 - Math.Log(2)], Combined(Combination.Mixture, one, other));
    }

    [Theory]
    [InlineData(Combination.Mean)]
    [InlineData(Combination.Mixture)]
    public void One_model_keeps_every_bit(Combination combination)
    {
        float[] alone = [1.1f, -0.0f, float.NaN, float.NegativeInfinity, float.PositiveInfinity, 1e-42f];

        Assert.Equal(alone.Select(BitConverter.SingleToInt32Bits), Combined(combination, alone).Select(BitConverter.SingleToInt32Bits));
    }

    /// <summary>What one of them thinks impossible is so to the mean, and half as likely to the mixture.</summary>
    [Fact]
    public void The_impossible_of_one_is_that_of_the_mean_alone()
    {
        float[] sure = [1, float.NaN, float.NegativeInfinity], other = [float.NegativeInfinity, 0, float.NegativeInfinity];

        Assert.Equal([float.NegativeInfinity, float.NaN, float.NegativeInfinity], Combined(Combination.Mean, sure, other));
        var mixture = Combined(Combination.Mixture, sure, other);
        Assert.Equal(1 - Math.Log(2), mixture[0], 1e-6);
        Assert.Equal([float.NaN, float.NegativeInfinity], mixture[1..]);
    }

    private static float[] Combined(Combination combination, params float[][] members)
    {
        var result = new float[members[0].Length];
        CombinedRatios.Combine(members, combination, result);
        return result;
    }

    private static void AssertClose(double[] expected, float[] actual)
    {
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-6 * Math.Max(1, Math.Abs(expected[i])));
    }
}
