using Amnre.Engine.Catalog;

namespace Amnre.Benchmarks;

/// <summary>Joint draws of the simulators, against copying as many bytes.</summary>
internal static class SimulationBenchmark
{
    private const int AllRows = 1 << 18;

    public static IEnumerable<string> Run()
    {
        foreach (var name in SimulatorCatalog.Names.Where(name =>
            name.EndsWith("LCP", StringComparison.Ordinal) || name.StartsWith("sbibm-", StringComparison.Ordinal)))
        {
            var simulator = SimulatorCatalog.Find(name);
            // Those whose rows cost microseconds, such as differential equations.
            var rows = name.StartsWith("sbibm-", StringComparison.Ordinal) ? AllRows / 8 : AllRows;
            var theta = new float[rows * simulator.ThetaSize];
            var x = new float[rows * simulator.ObservationSize];
            float[] thetaCopy = new float[theta.Length], xCopy = new float[x.Length];
            var draw = Measurement.Of(() => simulator.Sample(1, 0, theta, x));
            var copy = Measurement.Of(() =>
            {
                theta.CopyTo(thetaCopy, 0);
                x.CopyTo(xCopy, 0);
            });
            yield return $"{name}: {draw.Rate(rows / 1e6, "M rows")}; {copy.Median / draw.Median:P0} of the rate of copying them";
        }
    }
}
