using Amnre.Engine.Catalog;
using Amnre.Engine.Declarations;
using Amnre.Engine.Masks;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Tests.Declarations;

public sealed class DeclaredSimulatorTests
{
    private const string Name =
        """{"parameters":{"θ/1":{"uniform":[-1,1]},"k \"k\" 🙂":{"log_uniform":[0.01,10]},"c":{"normal":[2,0.5]}},"observation":[3,2]}""";

    /// <summary>Whatever labels hold, and although one has the mark of paths.</summary>
    [Fact]
    public void Its_name_is_the_whole_of_it()
    {
        var simulator = SimulatorCatalog.Find(Name);
        var again = SimulatorCatalog.Find(simulator.Name, "/");

        Assert.Equal(simulator.Name, again.Name);
        Assert.Equal(["θ/1", "k \"k\" 🙂", "c"], again.Labels);
        Assert.Equal([-1, 0.01f, -0.5f], again.Low);
        Assert.Equal([1, 10, 4.5f], again.High);
        Assert.Equal([3, 2], again.ObservationShape);
        Assert.Equal(simulator.Name, SimulatorReference.Identity(again.Name));
        Assert.Equal("θ/1, k \"k\" 🙂, c", SimulatorReference.Plain(again.Name));
        Assert.False(SimulatorReference.IsPath(again.Name));
    }

    [Fact]
    public void It_has_a_prior_and_no_rows()
    {
        var simulator = SimulatorCatalog.Find(Name);
        var theta = new float[300];
        simulator.DrawPrior(1, 0, theta);

        Assert.All(theta.Where((_, i) => i % 3 == 1), value => Assert.InRange(value, 0.01f, 10));
        Assert.Equal(-Math.Log(2), simulator.LogPrior(new ParameterMask(0b001, 3), [0.5f]), 1e-6);
        Assert.Equal(double.NegativeInfinity, simulator.LogPrior(new ParameterMask(0b001, 3), [1.5f]));
        var refused = Assert.Throws<InputException>(() => simulator.Sample(1, 0, new float[3], new float[6])).Message;
        Assert.Contains("declared without a simulator, so rows cannot be drawn", refused, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"parameters":{"a":{"uniform":[-1,1]},"b":{"log_uniform":[0.1,10]}},"observation":[3]}""", true)]
    [InlineData("""{"parameters":{"b":{"log_uniform":[0.1,10]},"a":{"uniform":[-1,1]}},"observation":[3]}""", false)]
    [InlineData("""{"parameters":{"a":{"uniform":[-1,1]},"c":{"log_uniform":[0.1,10]}},"observation":[3]}""", false)]
    [InlineData("""{"parameters":{"a":{"uniform":[-1,1]},"b":{"log_uniform":[0.1,10]}},"observation":[4]}""", false)]
    [InlineData("""{"parameters":{"a":{"uniform":[-1,1]},"b":{"uniform":[0.1,10]}},"observation":[3]}""", false)]
    [InlineData("""{"parameters":{"a":{"uniform":[-1,1.5]},"b":{"log_uniform":[0.1,10]}},"observation":[3]}""", false)]
    public void It_describes_a_simulator_of_its_parameters_prior_and_shape(string other, bool described)
    {
        var declared = DeclaredSimulator.Of(
            """{"parameters":{"a":{"uniform":[-1,1]},"b":{"log_uniform":[0.1,10]}},"observation":[3]}""");

        Assert.Equal(described, declared.Describes(SimulatorCatalog.Find(other)));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{"parameters":{},"observation":[2]}""")]
    [InlineData("""{"parameters":{"a":{"uniform":[1,0]}},"observation":[2]}""")]
    [InlineData("""{"parameters":{"a":{"uniform":[0,1]}},"observation":[0]}""")]
    [InlineData("""{"parameters":{"a":{"uniform":[0,1]}},"observation":2}""")]
    [InlineData("""{"parameters":{"a":{"uniform":"01"}},"observation":[2]}""")]
    [InlineData("""{"parameters":{"a":{"uniform":[0,1]},"a":{"uniform":[0,1]}},"observation":[2]}""")]
    [InlineData("""{"parameters":{"a":{"uniform":[0,1]}},"observation":[2],"command":["sh"]}""")]
    public void What_is_no_declaration_is_refused(string name) => Assert.Contains("is no declaration of parameters",
        Assert.Throws<InputException>(() => SimulatorCatalog.Find(name)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_manifest_without_a_program_is_one()
    {
        using var scratch = new ScratchDirectory();
        File.WriteAllText(scratch["prior.yaml"], "name: own\nparameters: { a: { uniform: [0, 1] } }\nobservation: [2]\n");
        Assert.Equal("""{"parameters":{"a":{"uniform":[0,1]}},"observation":[2]}""",
            SimulatorCatalog.Find("prior.yaml", scratch.Root).Name);

        File.WriteAllText(scratch["bad.yaml"], "name: own\nparameters: { a: { uniform: [1, 1] } }\nobservation: [2]\nbatch: 3\n");
        var refused = Assert.Throws<InputException>(() => SimulatorCatalog.Find("bad.yaml", scratch.Root)).Message;
        Assert.Contains(":2: parameter 'a'", refused, StringComparison.Ordinal);
        Assert.Contains(":4: unknown field 'batch'", refused, StringComparison.Ordinal);
    }
}
