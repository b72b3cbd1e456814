using System.Text.Json.Nodes;
using Amnre.Engine.Estimators;
using Amnre.Engine.Networks;
using Amnre.Engine.Simulators;
using Amnre.Engine.Training;
using static TorchSharp.torch;

namespace Amnre.Benchmarks;

/// <summary>One step of AMNRE's training (forward, backward, clip, AdamW; batch 1024), against its matrix products alone.</summary>
internal static class TrainingBenchmark
{
    private const int Batch = 1024;
    private const int Steps = 10;

    public static IEnumerable<string> Run()
    {
        foreach (var (layers, width) in new[] { (5, 128), (7, 256) })
        {
            var step = Measurement.Of(StepsOf(layers, width));
            var products = Measurement.Of(() => Products(layers, width));
            yield return $"AMNRE {layers}x{width}: {step.Median / Steps * 1e3:0.0} ms a step " +
                $"({step.Least / Steps * 1e3:0.0} to {step.Most / Steps * 1e3:0.0}); its matrix products alone take {products.Median / step.Median:P0} of that";
        }
    }

    private static Action StepsOf(int layers, int width)
    {
        var simulator = SimulatorCatalog.Find("SLCP");
        var settings = new TrainSettings
        {
            Simulator = simulator.Name,
            Arbitrary = true,
            BatchSize = Batch,
            Model = new JsonObject { ["num_layers"] = layers, ["hidden_size"] = width, ["activation"] = "ELU" },
        };
        var mode = new ForwardMode();
        var estimator = EstimatorAssembly.Build(settings, simulator, PriorMoments.Of(simulator), mode);
        var rows = new SimulatedRows(simulator, Batch, 256, 1, CPU);
        var loss = new LossOptions(settings.Criterion, EstimatorAssembly.Masks(settings, simulator.ThetaSize));
        var session = new TrainingSession(settings, estimator, mode, loss, rows, null);
        var state = new TrainingState { Schedule = new ScheduleState(settings.LearningRate), Started = default };
        return () =>
        {
            for (var i = 0; i < Steps; i++) state = session.Step(state with { Step = state.Step % 256 });
        };
    }

    /// <summary>Forward, and backward to inputs and weights, of the hidden layers for the 2048 pairs of a batch.</summary>
    private static void Products(int layers, int width)
    {
        using var scope = NewDisposeScope();
        Tensor hidden = rand(2 * Batch, width), weight = rand(width, width), gradient = rand(2 * Batch, width);
        for (var i = 0; i < Steps * layers; i++)
        {
            using var forward = hidden.mm(weight);
            using var toInput = gradient.mm(weight);
            using var toWeight = gradient.t().mm(hidden);
        }
    }
}
