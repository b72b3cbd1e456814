using Amnre.Engine.Catalog;
using Amnre.Engine.Datasets;
using Amnre.Engine.GravitationalWaves;
using Amnre.Engine.ReducedBases;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;
using TorchSharp;

namespace Amnre.Engine.Tests.GravitationalWaves;

public sealed class TensorWavesTests : IDisposable
{
    private const double Tolerance = 1e-5;

    private static readonly GravitationalWave Simulator = new(new WaveSetting
    {
        Name = "GW",
        Observatory = StrainData.Observatory,
        Basis = StrainData.Basis,
    });

    private readonly ScratchDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Coefficients_are_those_of_the_processor()
    {
        var theta = WaveDraws.Prior(300);
        var (expected, x) = (new float[300 * 512], new float[300 * 512]);
        new WaveSampling(StrainData.Observatory, new Lazy<ReducedBasis>(StrainData.Basis)).Observe(theta, expected);
        using var sampling = new TensorSampling(StrainData.Observatory, StrainData.Basis, torch.CPU);
        sampling.Observe(theta, x, CancellationToken.None);

        Assert.InRange(Worst(expected, x), 0, Tolerance);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Rows_of_a_dataset_have_the_same_parameters_and_noise_and_their_signals_to_rounding(bool live)
    {
        const int Rows = 130;
        var simulator = live ? (GravitationalWave)Simulator.Signals : Simulator;
        using var onDevice = (IStoppableSimulator)simulator.On(torch.CPU);
        var (expectedTheta, expected) = (new float[Rows * 15], new float[Rows * 512]);
        var (theta, x) = (new float[Rows * 15], new float[Rows * 512]);
        simulator.Sample(6, 77, expectedTheta, expected);
        onDevice.Sample(6, 77, theta, x, CancellationToken.None);

        Assert.Equal(expectedTheta, theta);
        Assert.InRange(Worst(expected, x), 0, Tolerance);
        Assert.NotEqual(expected, x);
    }

    [Fact]
    public void Rows_do_not_depend_on_the_size_of_blocks_but_for_rounding()
    {
        var theta = WaveDraws.Prior(40);
        var (one, all) = (new float[40 * 512], new float[40 * 512]);
        using var small = new TensorSampling(StrainData.Observatory, StrainData.Basis, torch.CPU, maxBins: 1);
        using var large = new TensorSampling(StrainData.Observatory, StrainData.Basis, torch.CPU);
        small.Observe(theta, one, CancellationToken.None);
        large.Observe(theta, all, CancellationToken.None);

        Assert.InRange(Worst(one, all), 0, 2e-6);
    }

    [Fact]
    public void Told_to_stop_it_stops()
    {
        using var onDevice = (IStoppableSimulator)Simulator.On(torch.CPU);

        Assert.ThrowsAny<OperationCanceledException>(
            () => onDevice.Sample(1, 0, new float[15], new float[512], new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Shards_of_a_device_are_put_together_where_there_is_none()
    {
        using var onDevice = (IStoppableSimulator)Simulator.On(torch.CPU);
        var shard = _scratch["shard.h5"];
        Assert.NotNull(DatasetDrawing.Run(new DrawSettings { Seed = 3, Rows = 10 }, onDevice, shard, RunContexts.Quiet));
        var settings = new GatherSettings { Simulator = "GW", Seed = 3, Rows = 10, Device = new("cuda") };

        Assert.Equal(RunEnd.Completed, ShardGathering.Run(settings, Simulator, [shard], _scratch.Root, RunContexts.Quiet));
        Assert.Throws<InputException>(
            () => ShardGathering.Run(settings with { Device = null }, Simulator, [shard], _scratch.Root, RunContexts.Quiet));
        Assert.Throws<InputException>(
            () => ShardGathering.Run(settings with { Seed = 4 }, Simulator, [shard], _scratch.Root, RunContexts.Quiet));
    }

    [Fact]
    public void The_processor_is_the_simulator_itself()
    {
        using var none = SimulatorDevice.Open(Simulator, null);
        using var cpu = SimulatorDevice.Open(Simulator, ComputeDevice.Cpu);

        Assert.Same(Simulator, none.Simulator);
        Assert.Same(Simulator, cpu.Simulator);
    }

    [Theory]
    [InlineData("SLCP", "cuda", "does not simulate on device 'cuda'")]
    [InlineData("GW", "gpu", "'gpu' is unknown")]
    [InlineData("GW", "cuda:99", "device 'cuda:99' is not there")]
    public void Devices_that_cannot_be_are_refused(string simulator, string device, string error)
    {
        var refused = Assert.Throws<InputException>(() => SimulatorDevice.Open(SimulatorCatalog.Find(simulator), new(device)));

        Assert.Contains(error, refused.Message, StringComparison.Ordinal);
    }

    /// <summary>The largest difference in a row, in parts of the row's largest number.</summary>
    private static double Worst(float[] expected, float[] x) => expected.Chunk(512).Zip(x.Chunk(512))
        .Max(row => row.First.Zip(row.Second, (a, b) => Math.Abs((double)a - b)).Max() / row.First.Max(Math.Abs));
}
