using Amnre.Engine.Catalog;

namespace Amnre.Benchmarks;

/// <summary>Joint draws of the simulators, against copying as many bytes.</summary>
internal static class SimulationBenchmark
{
    private const int Rows = 1 << 18;

    public static IEnumerable<string> Run()
    {
        foreach (var name in SimulatorCatalog.Names.Where(name => name.EndsWith("LCP", StringComparison.Ordinal)))
        {
            var simulator = SimulatorCatalog.Find(name);
            var theta = new float[Rows * simulator.ThetaSize];
            var x = new float[Rows * simulator.ObservationSize];
            float[] thetaCopy = new float[theta.Length], xCopy = new float[x.Length];
            var draw = Measurement.Of(() => simulator.Sample(1, 0, theta, x));
            var copy = Measurement.Of(() =>
            {
                theta.CopyTo(thetaCopy, 0);
                x.CopyTo(xCopy, 0);
            });
            yield return $"{name}: {draw.Rate(Rows / 1e6, "M rows")}; {copy.Median / draw.Median:P0} of the rate of copying them";
        }
    }
}
