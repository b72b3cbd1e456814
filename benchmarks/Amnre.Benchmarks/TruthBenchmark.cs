using Amnre.Engine.Catalog;
using Amnre.Engine.Truth;

namespace Amnre.Benchmarks;

/// <summary>All exact 1-D and 2-D marginals of one SLCP observation.</summary>
internal static class TruthBenchmark
{
    private const int Bins = 100;

    public static IEnumerable<string> Run()
    {
        var simulator = SimulatorCatalog.Find("SLCP");
        var theta = new float[simulator.ThetaSize];
        var x = new float[simulator.ObservationSize];
        simulator.Sample(1, 0, theta, x);
        var truth = Measurement.Of(() => TruePosterior.Marginals(simulator, x, Bins));
        yield return $"true marginals of one SLCP observation, {Bins} bins: {truth.Rate(1, "observations")}";
    }
}
