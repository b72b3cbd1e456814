using System.Runtime.Intrinsics;
using Amnre.Engine.Distributions;
using Amnre.Engine.Randomness;

namespace Amnre.Engine.Tests.Distributions;

public sealed class ReproducibleMathTests
{
    private const double Tolerance = 3e-7;

    [Fact]
    public void Log_is_accurate_over_the_whole_unit_interval()
    {
        for (var x = 2e-10f; x < 1; x *= 1.0003f)
            Assert.Equal(1, ReproducibleMath.Log(Vector256.Create(x))[3] / Math.Log(x), Tolerance);
        Assert.Equal(0, ReproducibleMath.Log(Vector256.Create(1f))[0]);
    }

    [Fact]
    public void Exp_is_accurate()
    {
        for (var x = -20f; x < 20; x += 0.0037f)
            Assert.Equal(1, ReproducibleMath.Exp(Vector256.Create(x))[5] / Math.Exp(x), Tolerance);
    }

    [Fact]
    public void Exp_of_doubles_is_accurate_to_the_last_place()
    {
        for (var x = -708.0; x < 709; x += 0.00231)
        {
            var expected = Math.Exp(x);
            Assert.Equal(expected, ReproducibleMath.Exp(Vector256.Create(x))[3], Math.BitIncrement(expected) - expected);
        }

        for (var x = 1e-9; x < 1; x *= 1.001)
            Assert.Equal(Math.Exp(-x), ReproducibleMath.Exp(Vector256.Create(-x))[2], Math.ScaleB(1, -53));
        Assert.Equal(1, ReproducibleMath.Exp(Vector256<double>.Zero)[0]);
        Assert.Equal(Math.Exp(-708), ReproducibleMath.Exp(Vector256.Create(double.NegativeInfinity))[0], 1e-320);
        Assert.InRange(ReproducibleMath.Exp(Vector256.Create(1e300))[0], 8e307, 9e307);
    }

    [Fact]
    public void SinCos_is_accurate_over_the_whole_turn()
    {
        for (ulong word = 0; word < 1ul << 32; word += 1_000_003)
        {
            ReproducibleMath.SinCos(Vector256.Create((uint)word), out var sin, out var cos);
            var (s, c) = Math.SinCos(2 * Math.PI * word / 4294967296.0);
            Assert.Equal(s, sin[1], Tolerance);
            Assert.Equal(c, cos[6], Tolerance);
        }
    }

    [Fact]
    public void NormalPair_passes_a_goodness_of_fit_test_over_the_quartiles_of_each_normal()
    {
        // Chi-squared with 16 × 16 equally likely cells: 255 degrees of freedom, so 400 is far out (p < 1e-7).
        const int Pairs = 400_000;
        var counts = new int[16, 16];
        for (ulong i = 0; i < Pairs; i++)
        {
            var random = new CounterRandom(1, RandomPurpose.Rows, i);
            NormalPair.From(
                Vector256.Create(random.NextUInt32()), Vector256.Create(random.NextUInt32()), out var first, out var second);
            counts[Cell(first[0]), Cell(second[0])]++;
        }

        const double Expected = Pairs / 256.0;
        var chiSquared = counts.Cast<int>().Sum(count => (count - Expected) * (count - Expected) / Expected);
        Assert.InRange(chiSquared, 150, 400);

        static int Cell(double z) =>
            Math.Min(15, (int)(16 * 0.5 * MathNet.Numerics.SpecialFunctions.Erfc(-z / Math.Sqrt(2))));
    }
}
