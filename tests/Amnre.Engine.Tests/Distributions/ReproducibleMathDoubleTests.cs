using System.Runtime.Intrinsics;
using Amnre.Engine.Distributions;
using Amnre.Engine.Randomness;

namespace Amnre.Engine.Tests.Distributions;

public sealed class ReproducibleMathDoubleTests
{
    private const int Count = 200_000;

    [Theory]
    [InlineData(1.0)]
    [InlineData(100.0)]
    [InlineData(10_000.0)]
    [InlineData(1_000_000.0)]
    public void Sine_and_cosine_are_within_two_units_in_the_last_place(double range)
    {
        var random = new CounterRandom(1, RandomPurpose.Rows, (ulong)range);
        for (var i = 0; i < Count; i++)
        {
            var x = range * (2 * random.NextDouble() - 1);
            ReproducibleMath.SinCos(Vector256.Create(x), out var sin, out var cos);
            Assert.InRange(Math.Abs(sin[0] - Math.Sin(x)), 0, 2 * Math.BitIncrement(Math.Abs(Math.Sin(x))) - 2 * Math.Abs(Math.Sin(x)));
            Assert.InRange(Math.Abs(cos[0] - Math.Cos(x)), 0, 2 * Math.BitIncrement(Math.Abs(Math.Cos(x))) - 2 * Math.Abs(Math.Cos(x)));
        }
    }

    [Fact]
    public void Sine_and_cosine_keep_their_digits_beside_their_zeros()
    {
        for (var n = -200_000; n <= 200_000; n += 7)
        {
            var x = n * (Math.PI / 2);
            ReproducibleMath.SinCos(Vector256.Create(x), out var sin, out var cos);
            var (expectedSin, expectedCos) = Math.SinCos(x);
            Assert.InRange(Math.Abs(sin[0] - expectedSin), 0, Math.Max(1e-14 * Math.Abs(expectedSin), 1e-27));
            Assert.InRange(Math.Abs(cos[0] - expectedCos), 0, Math.Max(1e-14 * Math.Abs(expectedCos), 1e-27));
        }
    }

    [Fact]
    public void Arctangent_is_within_two_units_in_the_last_place()
    {
        var random = new CounterRandom(2, RandomPurpose.Rows, 0);
        for (var i = 0; i < Count; i++)
        {
            var x = Math.ScaleB(2 * random.NextDouble() - 1, (int)random.NextBelow(80) - 40);
            var expected = Math.Atan(x);
            var unit = Math.BitIncrement(Math.Abs(expected)) - Math.Abs(expected);
            Assert.InRange(Math.Abs(ReproducibleMath.Atan(Vector256.Create(x))[0] - expected), 0, 2 * unit);
        }
    }

    [Theory]
    [InlineData(0.0, 0.0)]
    [InlineData(double.PositiveInfinity, Math.PI / 2)]
    [InlineData(double.NegativeInfinity, -Math.PI / 2)]
    public void Arctangent_of_the_ends_is_exact(double x, double expected) =>
        Assert.Equal(expected, ReproducibleMath.Atan(Vector256.Create(x))[0]);
}
