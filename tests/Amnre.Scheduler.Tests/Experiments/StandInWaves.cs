using Amnre.Engine.Masks;
using Amnre.Engine.Randomness;
using Amnre.Engine.Simulators;

namespace Amnre.Scheduler.Tests.Experiments;

/// <summary>Stands in for the simulator of gravitational waves, so that its experiment can be planned: it has the shapes, and draws nothing.</summary>
internal sealed class StandInWaves : IReferenceEvents, ILiveNoise
{
    private static readonly Lazy<bool> Registered = new(() =>
    {
        SimulatorCatalog.Add(() => new StandInWaves());
        return true;
    });

    public string Name => "GW";

    public IReadOnlyList<string> Labels { get; } = [.. Enumerable.Range(1, 15).Select(i => $"θ{i}")];

    public IReadOnlyList<float> Low { get; } = new float[15];

    public IReadOnlyList<float> High { get; } = [.. Enumerable.Repeat(1f, 15)];

    public IReadOnlyList<int> ObservationShape { get; } = [2, 128, 2];

    public int EventCount => 1;

    public ISimulator Signals => this;

    public static void Register() => _ = Registered.Value;

    public void Sample(ulong seed, long firstRow, Span<float> theta, Span<float> x) => throw new NotSupportedException();

    public void Events(ulong seed, Span<float> theta, Span<float> x) => throw new NotSupportedException();

    public void AddNoise(ref CounterRandom random, Span<float> x) => throw new NotSupportedException();

    public double LogPrior(ParameterMask mask, ReadOnlySpan<float> theta) => throw new NotSupportedException();
}
