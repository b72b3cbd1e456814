using Amnre.Engine.Catalog;
using Amnre.Engine.Randomness;
using Amnre.Engine.Simulators;

namespace Amnre.Benchmarks;

/// <summary>Hodgkin–Huxley: the vectorised path with its draws, against one trace after the other with given noise.</summary>
internal static class NeuronBenchmark
{
    private const int Rows = 64;

    public static IEnumerable<string> Run()
    {
        var simulator = SimulatorCatalog.Find("HH");
        var theta = new float[Rows * simulator.ThetaSize];
        var x = new float[Rows * simulator.ObservationSize];
        var lanes = Measurement.Of(() => simulator.Sample(1, 0, theta, x));

        var noise = new double[CurrentStep.SummaryPoints];
        var trace = new double[CurrentStep.SummaryPoints];
        var random = new CounterRandom(1, RandomPurpose.Rows, 0);
        for (var i = 0; i < noise.Length; i++) noise[i] = random.NextNormal();
        var summary = new double[simulator.ObservationSize];
        var parameters = Array.ConvertAll(theta, value => (double)value);
        var scalar = Measurement.Of(() =>
        {
            for (var row = 0; row < Rows; row++)
            {
                Membrane.Integrate(parameters.AsSpan(row * simulator.ThetaSize, simulator.ThetaSize), noise, trace);
                TraceSummary.Of(trace, summary);
            }
        });
        yield return $"HH: {lanes.Rate(Rows, "simulations")} with drawing; {scalar.Median / lanes.Median:0.0} times the scalar path " +
            "without drawing";
    }
}
