using Amnre.Engine.Catalog;
using Amnre.Engine.Masks;

namespace Amnre.Engine.Tests.Catalog;

public sealed class SimulatorCatalogTests
{
    [Theory]
    [InlineData("SLCP")]
    [InlineData("slcp")]
    public void Find_ignores_case(string name) => Assert.Equal("SLCP", SimulatorCatalog.Find(name).Name);

    [Fact]
    public void Find_lists_the_known_names_when_there_is_none()
    {
        var error = Assert.Throws<InputException>(() => SimulatorCatalog.Find("SLPC"));

        Assert.Contains("'SLPC'", error.Message);
        Assert.All(SimulatorCatalog.Names, name => Assert.Contains(name, error.Message));
    }

    [Fact]
    public void Every_simulator_agrees_with_itself_on_sizes()
    {
        Assert.All(SimulatorCatalog.Names, name =>
        {
            var simulator = SimulatorCatalog.Find(name);
            Assert.Equal(name, simulator.Name);
            Assert.Equal(simulator.Labels.Count, simulator.Low.Count);
            Assert.Equal(simulator.Labels.Count, simulator.High.Count);
            var (theta, x) = (new float[simulator.ThetaSize], new float[simulator.ObservationSize]);
            simulator.Sample(1, 2, theta, x);
            Assert.True(double.IsFinite(simulator.LogPrior(ParameterMask.Full(theta.Length), theta)));
            Assert.All(x, value => Assert.True(float.IsFinite(value)));
        });
    }
}
