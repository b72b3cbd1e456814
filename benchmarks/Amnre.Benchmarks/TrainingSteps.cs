using System.Text.Json.Nodes;
using Amnre.Engine.Catalog;
using Amnre.Engine.Estimators;
using Amnre.Engine.Networks;
using Amnre.Engine.Optimization;
using Amnre.Engine.Settings;
using Amnre.Engine.Training;
using Amnre.Engine.TrainingRows;
using static TorchSharp.torch;

namespace Amnre.Benchmarks;

/// <summary>Steps of one training, or of replicates trained together, on SLCP rows drawn while training.</summary>
internal sealed class TrainingSteps : IDisposable
{
    public const int Batch = 1024;
    private const int StepsOfEpoch = 256;

    private readonly Lockstep _training;
    private IReadOnlyList<TrainingState> _states;

    public TrainingSteps(TrainSettings settings, int replicates = 1)
    {
        var simulator = SimulatorCatalog.Find(settings.Simulator);
        var estimators = new List<Estimator>();
        _training = new Lockstep([.. Enumerable.Range(0, replicates).Select(i =>
        {
            var (own, mode) = (settings with { Seed = (ulong)i }, new ForwardMode());
            estimators.Add(EstimatorAssembly.Build(own, simulator, PriorMoments.Of(simulator), mode));
            var loss = LossOptions.Of(own, simulator.ThetaSize, weights: null, together: false);
            return new TrainingSetup(own, estimators[i], mode, loss,
                new SimulatedRows(simulator, Batch, StepsOfEpoch, 1 + (ulong)i, own.Threads, device(own.Device.Name)), null);
        })]);
        _states = [.. Enumerable.Range(0, replicates)
            .Select(_ => new TrainingState { Schedule = new ScheduleState(settings.LearningRate), Started = default })];
        Estimators = estimators;
    }

    public IReadOnlyList<Estimator> Estimators { get; }

    public static TrainSettings Amnre(int layers, int width) =>
        new() { Simulator = "SLCP", Arbitrary = true, Model = Perceptron(layers, width) };

    public static TrainSettings Nre(int layers, int width) => new() { Simulator = "SLCP", Model = Perceptron(layers, width) };

    /// <summary>A network for each parameter, each pair, and all.</summary>
    public static TrainSettings Mnre(int layers, int width) =>
        new() { Simulator = "SLCP", Masks = ["=1", "=2", "=5"], Model = Perceptron(layers, width) };

    public static TrainSettings Npe(int transforms, int width, int blocks) => new()
    {
        Simulator = "SLCP",
        Flow = true,
        Model = new() { ["num_transforms"] = transforms, ["hidden_features"] = width, ["num_blocks"] = blocks, ["activation"] = "ELU" },
    };

    public void Take(int steps)
    {
        for (var i = 0; i < steps; i++)
            _states = _training.Step([.. _states.Select(state => state with { Step = state.Step % StepsOfEpoch })]);
    }

    public void Dispose() => _training.Dispose();

    private static JsonObject Perceptron(int layers, int width) =>
        new() { ["num_layers"] = layers, ["hidden_size"] = width, ["activation"] = "ELU" };
}
