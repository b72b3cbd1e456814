using Amnre.Engine.Datasets;
using Amnre.Engine.Masks;
using Amnre.Engine.Randomness;
using Amnre.Engine.SampleFiles;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Tests.Datasets;

/// <summary>Datasets of signals, to which training adds the noise.</summary>
public sealed class LiveShardTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void A_live_dataset_holds_the_signals_and_any_other_the_noisy_observations()
    {
        var (signals, noisy) = (X(live: true), X(live: false));
        var expected = new float[40 * 8];
        new Slcp().Sample(3, 0, new float[40 * 5], expected);

        Assert.Equal(expected, signals);
        Assert.Equal(expected.Select(value => value + 100), noisy);
    }

    [Fact]
    public void A_simulator_without_noise_of_its_own_has_no_live_datasets()
    {
        var error = Assert.Single(
            SampleSettingsErrors.Of(new SampleSettings { Simulator = "SLCP", Seed = 0, Start = 0, Rows = 10, Live = true }, new Slcp()));

        Assert.Equal("live", error.Field);
        Assert.Contains("defines no noise", error.Message, StringComparison.Ordinal);
    }

    private float[] X(bool live)
    {
        var folder = Directory.CreateDirectory(_scratch[$"{live}"]).FullName;
        var simulator = new Shifted();
        ShardSampling.Run(new SampleSettings { Simulator = "SLCP", Seed = 3, Start = 0, Rows = 40, Live = live }, simulator, folder,
            RunContexts.Quiet);
        ShardGathering.Run(
            new GatherSettings { Simulator = "SLCP", Seed = 3, Rows = 40, Live = live }, simulator,
            [Path.Combine(folder, ShardSampling.OutputName)], folder,
            RunContexts.Quiet);
        using var file = SampleFile.Open(Path.Combine(folder, ShardGathering.OutputName));
        var x = new float[40 * 8];
        file.Read(0, [], x);
        return x;
    }

    /// <summary>Its noise is the number 100.</summary>
    private sealed class Shifted : ILiveNoise
    {
        private readonly Slcp _signals = new();

        public string Name => _signals.Name;

        public IReadOnlyList<string> Labels => _signals.Labels;

        public IReadOnlyList<float> Low => _signals.Low;

        public IReadOnlyList<float> High => _signals.High;

        public IReadOnlyList<int> ObservationShape => _signals.ObservationShape;

        public ISimulator Signals => _signals;

        public void AddNoise(ref CounterRandom random, Span<float> x)
        {
            foreach (ref var value in x) value += 100;
        }

        public void Sample(ulong seed, long firstRow, Span<float> theta, Span<float> x)
        {
            _signals.Sample(seed, firstRow, theta, x);
            var none = default(CounterRandom);
            AddNoise(ref none, x);
        }

        public double LogPrior(ParameterMask mask, ReadOnlySpan<float> theta) => _signals.LogPrior(mask, theta);
    }
}
