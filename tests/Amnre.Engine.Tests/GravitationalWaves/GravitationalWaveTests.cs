using Amnre.Engine.Catalog;
using Amnre.Engine.GravitationalWaves;
using Amnre.Engine.Masks;
using Amnre.Engine.Randomness;
using Amnre.Engine.ReducedBases;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Tests.GravitationalWaves;

public sealed class GravitationalWaveTests
{
    private static readonly GravitationalWave Simulator = new(new WaveSetting
    {
        Name = "GW",
        Observatory = StrainData.Observatory,
        Basis = StrainData.Basis,
    });

    [Fact]
    public void Rows_do_not_depend_on_their_neighbours_nor_on_the_order_they_are_drawn_in()
    {
        const int Rows = 61;
        var (theta, x) = (new float[Rows * 15], new float[Rows * 512]);
        Simulator.Sample(7, 1000, theta, x);
        foreach (var row in new[] { 0, 23, 24, 60 })
        {
            var (oneTheta, oneX) = (new float[15], new float[512]);
            Simulator.Sample(7, 1000 + row, oneTheta, oneX);
            Assert.Equal(theta.AsSpan(row * 15, 15).ToArray(), oneTheta);
            Assert.Equal(x.AsSpan(row * 512, 512).ToArray(), oneX);
        }

        var prior = new float[Rows * 15];
        ((ISimulator)Simulator).DrawPrior(7, 1000, prior);
        Assert.Equal(theta, prior);
    }

    [Fact]
    public void A_noisy_row_is_its_signal_and_standard_normal_noise()
    {
        const int Rows = 64;
        var (theta, x, signalTheta, signal) = (new float[Rows * 15], new float[Rows * 512], new float[Rows * 15], new float[Rows * 512]);
        Simulator.Sample(3, 0, theta, x);
        ((ILiveNoise)Simulator).Signals.Sample(3, 0, signalTheta, signal);

        Assert.Equal(theta, signalTheta);
        double[] noise = [.. x.Zip(signal, (a, b) => (double)(a - b))];
        Assert.Equal(0, noise.Average(), 0.02);
        Assert.Equal(1, Math.Sqrt(noise.Average(value => value * value)), 0.02);
        Assert.Equal(3, noise.Average(value => Math.Pow(value, 4)), 0.15);
        Assert.Equal(0, noise.Zip(noise.Skip(1), (a, b) => a * b).Average(), 0.02);
    }

    [Fact]
    public void Drawn_parameters_follow_the_prior()
    {
        const int Rows = 20_000;
        var theta = new float[Rows * 15];
        ((ISimulator)Simulator).DrawPrior(1, 0, theta);
        double Mean(int i, Func<double, double> of) => Enumerable.Range(0, Rows).Average(row => of(theta[row * 15 + i]));

        for (var row = 0; row < Rows; row++)
        {
            var one = theta.AsSpan(row * 15, 15);
            Assert.True(one[0] >= one[1]);
            Assert.True(double.IsFinite(Simulator.LogPrior(ParameterMask.Full(15), one)));
        }

        // The larger of two uniform numbers has mean 2/3, the smaller 1/3.
        Assert.Equal(10 + 70 * 2.0 / 3, Mean(0, value => value), 0.5);
        Assert.Equal(10 + 70 / 3.0, Mean(1, value => value), 0.5);
        Assert.Equal(550, Mean(4, value => value), 6.0);
        foreach (var i in new[] { 7, 8, 11 })
        {
            Assert.Equal(0, Mean(i, Math.Cos), 0.02);
            Assert.Equal(1.0 / 3, Mean(i, value => Math.Cos(value) * Math.Cos(value)), 0.02);
        }

        Assert.Equal(0, Mean(14, Math.Sin), 0.02);
        Assert.Equal(1.0 / 3, Mean(14, value => Math.Sin(value) * Math.Sin(value)), 0.02);
    }

    [Theory]
    [InlineData("100000000000000")]
    [InlineData("010000000000000")]
    [InlineData("000000010000000")]
    [InlineData("000000000000001")]
    [InlineData("110000000000000")]
    public void Masked_densities_integrate_to_one_and_are_nothing_outside_the_bounds(string text)
    {
        var mask = ParameterMask.Parse(text);
        int[] kept = [.. Enumerable.Range(0, 15).Where(i => mask[i])];
        const int Cells = 700;
        var sum = 0.0;
        var theta = new float[kept.Length];
        for (var i = 0; i < Math.Pow(Cells, kept.Length); i++)
        {
            var cell = 1.0;
            for (int j = 0, rest = i; j < kept.Length; j++, rest /= Cells)
            {
                var (low, high) = (Simulator.Low[kept[j]], Simulator.High[kept[j]]);
                cell *= (high - low) / (double)Cells;
                theta[j] = (float)(low + (rest % Cells + 0.5) * (high - low) / Cells);
            }

            sum += cell * Math.Exp(Simulator.LogPrior(mask, theta));
        }

        Assert.Equal(1, sum, 2e-3);
        for (var j = 0; j < kept.Length; j++)
        {
            var inside = Array.ConvertAll(kept, i => 0.5f * (Simulator.Low[i] + Simulator.High[i]));
            foreach (var outside in new[] { Simulator.Low[kept[j]] - 0.01f, Simulator.High[kept[j]] + 0.01f, Simulator.High[kept[j]],
                float.NaN })
            {
                inside[j] = outside;
                Assert.Equal(double.NegativeInfinity, Simulator.LogPrior(mask, inside));
            }
        }
    }

    [Fact]
    public void Masses_out_of_order_have_no_density()
    {
        var mask = ParameterMask.Parse("110000000000000");

        Assert.Equal(double.NegativeInfinity, Simulator.LogPrior(mask, [20, 30]));
        Assert.Equal(Math.Log(2.0 / (70 * 70)), Simulator.LogPrior(mask, [30, 20]), 1e-12);
        Assert.Equal(Math.Log(2.0 * 20 / (70 * 70)), Simulator.LogPrior(ParameterMask.Parse("100000000000000"), [30]), 1e-12);
        Assert.Equal(Math.Log(2.0 * 50 / (70 * 70)), Simulator.LogPrior(ParameterMask.Parse("010000000000000"), [30]), 1e-12);
    }

    [Fact]
    public void With_no_file_at_all_there_are_rows_and_an_event_with_known_parameters()
    {
        var simulator = (GravitationalWave)SimulatorCatalog.Find("GW");
        var (theta, x) = (new float[15], new float[512]);
        simulator.Events(4, theta, x);

        Assert.True(((IReferenceEvents)simulator).KnowsEventParameters);
        Assert.True(double.IsFinite(simulator.LogPrior(ParameterMask.Full(15), theta)));
        Assert.True(Math.Sqrt(x.Average(value => (double)value * value)) > 1.5);
        simulator.Sample(1, 0, theta, x);
        Assert.All(x, value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void Noise_of_a_batch_is_a_function_of_its_draws()
    {
        var (a, b) = (new float[1000], new float[1000]);
        var random = new CounterRandom(5, RandomPurpose.LiveNoise, 9);
        Simulator.AddNoise(ref random, a);
        random = new CounterRandom(5, RandomPurpose.LiveNoise, 9);
        Simulator.AddNoise(ref random, b);

        Assert.Equal(a, b);
        Assert.Equal(1, Math.Sqrt(a.Average(value => (double)value * value)), 0.1);
    }
}
