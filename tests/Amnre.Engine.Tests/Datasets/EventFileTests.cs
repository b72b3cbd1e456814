using Amnre.Engine.Catalog;
using Amnre.Engine.Datasets;
using Amnre.Engine.Rows;
using Amnre.Engine.SampleFiles;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Tests.Datasets;

public sealed class EventFileTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();
    private readonly IReferenceEvents _neuron = (IReferenceEvents)SimulatorCatalog.Find("HH");

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void The_event_and_the_moments_of_its_seed_are_stored()
    {
        EventFile.Write(_neuron, 3, 128, null, _scratch["event.h5"], 0, RunContexts.Quiet);
        var (theta, x) = (new float[8], new float[7]);
        _neuron.Events(3, theta, x);

        using var file = SampleFile.Open(_scratch["event.h5"]);
        var (storedTheta, storedX) = (new float[8], new float[7]);
        file.Read(0, storedTheta, storedX);
        Assert.Equal((1, 8), (file.Rows, file.ThetaSize));
        Assert.Equal([50, 5, 0.1f, 0.07f, 600, 60, 0.1f, 70], storedTheta);
        Assert.Equal(theta, storedTheta);
        Assert.Equal(x, storedX);
        Assert.True(ObservationMoments.Of(_neuron, 3, 128, TestContext.Current.CancellationToken).IsSameAs(file.Moments));
        Assert.Equal(SampleContent.Events, file.Origin!.Content);
    }

    [Fact]
    public void The_events_of_an_experiment_are_the_same_bytes()
    {
        EventFile.Write(_neuron, 3, 64, null, _scratch["event.h5"], 1, RunContexts.Quiet);
        var settings = new GatherSettings { Simulator = "HH", Seed = 3, Rows = 1, Events = true, Moments = true, Dump = 64 };
        ShardGathering.Run(settings, _neuron, [], _scratch["out"], RunContexts.Quiet);

        Assert.Equal(File.ReadAllBytes(_scratch["event.h5"]), File.ReadAllBytes(_scratch["out/dataset.h5"]));
    }

    [Fact]
    public void A_simulator_without_events_is_named()
    {
        var slcp = SimulatorCatalog.Find("SLCP");

        Assert.Contains("SLCP has no reference events", Assert.Throws<InputException>(() =>
        {
            EventFile.Write(slcp, 0, null, null, _scratch["event.h5"], 0, RunContexts.Quiet);
        }).Message);
        Assert.Equal(["events"],
            SampleSettingsErrors.Of(new GatherSettings { Simulator = "SLCP", Seed = 0, Rows = 1, Events = true }, slcp)
                .Select(error => error.Field));
    }

    [Fact]
    public void A_drained_run_leaves_nothing_behind()
    {
        Assert.Null(EventFile.Write(_neuron, 3, 64, null, _scratch["event.h5"], 0, RunContexts.Draining));
        Assert.Empty(Directory.GetFiles(_scratch.Root));
    }
}
