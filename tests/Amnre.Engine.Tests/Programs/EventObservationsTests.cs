using Amnre.Engine.Catalog;
using Amnre.Engine.Datasets;
using Amnre.Engine.SampleFiles;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Tests.Programs;

/// <summary>Observations that a manifest names.</summary>
public sealed class EventObservationsTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("seen.json", """{"x": [[1, 2], [3, 4], [5, 6]], "theta": [[0.5], [0.25], [0.125]]}""", true)]
    [InlineData("seen.json", """{"x": [[1, 2], [3, 4], [5, 6]]}""", false)]
    [InlineData("seen.csv", "1,2\n3,4\n5,6\n", false)]
    public void They_become_a_dataset(string name, string text, bool knowsTheta)
    {
        File.WriteAllText(_scratch[name], text);
        var events = (IReferenceEvents)Simulator(name);
        Assert.Equal((3, knowsTheta), (events.EventCount, events.KnowsEventParameters));

        var settings = new GatherSettings
        {
            Simulator = events.Name,
            Seed = 4,
            Rows = 3,
            Events = true,
            EventsDigest = events.EventsDigest,
        };
        Assert.Equal(RunEnd.Completed, ShardGathering.Run(settings, events, [], _scratch.Root, RunContexts.Quiet));

        using var samples = SampleSet.Open(_scratch["dataset.h5"]);
        var (theta, x) = (new float[3 * samples.ThetaSize], new float[6]);
        samples.Read(0, theta, x);
        Assert.Equal([1, 2, 3, 4, 5, 6], x);
        Assert.Equal(knowsTheta ? [0.5f, 0.25f, 0.125f] : [], theta);

        // What lies there meanwhile is not what was planned.
        File.AppendAllText(_scratch[name], "\n");
        Assert.Contains("have changed since this work was planned", Assert.Throws<InputException>(() =>
        {
            ShardGathering.Run(settings, Simulator(name), [], _scratch.Root, RunContexts.Quiet);
        }).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void They_are_no_part_of_the_simulator()
    {
        var without = Simulator(null);
        Assert.IsNotAssignableFrom<IReferenceEvents>(without);
        // Not even the file must be there for rows to be drawn.
        Assert.Equal(without.Name, Simulator("gone.json").Name);
        Assert.Contains("gone.json': there is no such file",
            Assert.Throws<InputException>(() => ((IReferenceEvents)Simulator("gone.json")).EventCount).Message, StringComparison.Ordinal);
    }

    private ISimulator Simulator(string? events)
    {
        File.WriteAllText(_scratch["mine.yaml"], "name: mine\nparameters: { a: { uniform: [0, 1] } }\nobservation: [2]\n" +
            $"protocol: frames\ncommand: [/usr/bin/python3, none.py]\n{(events is null ? "" : $"events: {events}\n")}");
        return SimulatorCatalog.Find(_scratch["mine.yaml"]);
    }
}
