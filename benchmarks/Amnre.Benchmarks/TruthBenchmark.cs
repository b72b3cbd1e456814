using Amnre.Engine.Catalog;
using Amnre.Engine.Simulators;
using Amnre.Engine.Truth;

namespace Amnre.Benchmarks;

/// <summary>All exact 1-D and 2-D marginals of one SLCP observation, and draws of true posteriors.</summary>
internal static class TruthBenchmark
{
    private const int Bins = 100, Draws = 10_000;

    public static IEnumerable<string> Run()
    {
        var simulator = SimulatorCatalog.Find("SLCP");
        var theta = new float[simulator.ThetaSize];
        var x = new float[simulator.ObservationSize];
        simulator.Sample(1, 0, theta, x);
        var truth = Measurement.Of(() => SlcpTruth.Marginals(x, Bins));
        yield return $"true marginals of one SLCP observation, {Bins} bins: {truth.Rate(1, "observations")}";
        foreach (var name in (string[])["SLCP", "MLCP", "sbibm-bernoulli-glm", "sbibm-sir"])
        {
            var tractable = (ITractableSimulator)SimulatorCatalog.Find(name);
            var observed = new float[tractable.ObservationSize];
            tractable.Sample(1, 0, new float[tractable.ThetaSize], observed);
            var draws = Measurement.Of(() => TrueDraws.Of(tractable, observed, 0, Draws, 1, 1, CancellationToken.None));
            yield return $"{Draws} draws of a true posterior of {name}, one thread: {draws.Rate(1, "observations")}";
        }
    }
}
