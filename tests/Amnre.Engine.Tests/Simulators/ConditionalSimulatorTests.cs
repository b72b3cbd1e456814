using Amnre.Engine.Catalog;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Tests.Simulators;

/// <summary>Laws of every simulator that simulates given parameters.</summary>
public sealed class ConditionalSimulatorTests
{
    private const ulong Seed = 5;

    [Theory]
    [InlineData("SLCP")]
    [InlineData("MLCP")]
    [InlineData("HH")]
    [InlineData("GW")]
    public void A_row_depends_on_its_number_and_parameters_alone(string name)
    {
        var (simulator, theta, x) = Simulated(name, 21);
        var (size, observed) = (simulator.ThetaSize, simulator.ObservationSize);
        for (var row = 0; row < 21; row += 5)
        {
            var alone = new float[observed];
            simulator.Observe(Seed, row, theta.AsSpan(row * size, size), alone);
            Assert.Equal(x[(row * observed)..((row + 1) * observed)], alone);
        }
    }

    [Theory]
    [InlineData("SLCP")]
    [InlineData("MLCP")]
    [InlineData("HH")]
    [InlineData("GW")]
    public void Another_row_of_the_same_parameters_has_another_noise(string name)
    {
        var (simulator, theta, x) = Simulated(name, 1);
        var next = new float[x.Length];
        simulator.Observe(Seed, 1, theta, next);
        Assert.NotEqual(x, next);
    }

    /// <summary>Given a dataset's own parameters, each simulated value falls above the dataset's as often as below.</summary>
    [Theory]
    [InlineData("SLCP", 20_000)]
    [InlineData("MLCP", 20_000)]
    [InlineData("HH", 1_000)]
    [InlineData("GW", 1_000)]
    public void What_is_simulated_is_distributed_as_the_joint_draws_are(string name, int rows)
    {
        var (simulator, theta, x) = Simulated(name, rows);
        var joint = new float[x.Length];
        simulator.Sample(Seed, 0, new float[theta.Length], joint);
        var size = simulator.ObservationSize;
        for (var k = 0; k < size; k++)
        {
            var (above, unequal) = (0, 0);
            for (var row = 0; row < rows; row++)
            {
                var (one, other) = (x[row * size + k], joint[row * size + k]);
                if (one != other) unequal++;
                if (one > other) above++;
            }

            Assert.InRange(unequal, rows / 100, rows);
            Assert.InRange(above, unequal / 2.0 - 5 * Math.Sqrt(unequal) / 2, unequal / 2.0 + 5 * Math.Sqrt(unequal) / 2);
        }
    }

    private static (IConditionalSimulator Simulator, float[] Theta, float[] X) Simulated(string name, int rows)
    {
        var simulator = (IConditionalSimulator)SimulatorCatalog.Find(name);
        var theta = new float[rows * simulator.ThetaSize];
        simulator.DrawPrior(Seed, 0, theta);
        var x = new float[rows * simulator.ObservationSize];
        simulator.Observe(Seed, 0, theta, x);
        return (simulator, theta, x);
    }
}
