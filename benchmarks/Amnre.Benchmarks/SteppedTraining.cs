using Amnre.Engine.Estimators;
using Amnre.Engine.Networks;
using Amnre.Engine.Simulators;
using Amnre.Engine.Training;
using static TorchSharp.torch;

namespace Amnre.Benchmarks;

/// <summary>A training whose steps are made one after the other, of rows simulated as they are needed; the best of it is not kept.</summary>
internal sealed class SteppedTraining : IDisposable
{
    public const int Batch = 1024;

    private readonly Lockstep _training;
    private readonly List<Estimator> _estimators = [];
    private IReadOnlyList<TrainingState> _states;

    public SteppedTraining(TrainSettings settings, int replicates)
    {
        var simulator = SimulatorCatalog.Find(settings.Simulator);
        _training = new Lockstep([.. Enumerable.Range(0, replicates).Select(i =>
        {
            var (own, mode) = (settings with { Seed = (ulong)i }, new ForwardMode());
            _estimators.Add(EstimatorAssembly.Build(own, simulator, PriorMoments.Of(simulator), mode));
            var loss = new LossOptions(own.Criterion, EstimatorAssembly.Masks(own, simulator.ThetaSize));
            return new TrainingSetup(own, _estimators[i], mode, loss, new SimulatedRows(simulator, Batch, 256, 1 + (ulong)i, own.Threads, device(own.Device)), null);
        })]);
        _states = [.. Enumerable.Range(0, replicates).Select(_ => new TrainingState { Schedule = new ScheduleState(settings.LearningRate), Started = default })];
    }

    public IReadOnlyList<Estimator> Estimators => _estimators;

    public void Step(int count)
    {
        for (var i = 0; i < count; i++) _states = _training.Step([.. _states.Select(state => state with { Step = state.Step % 256 })]);
    }

    public void Dispose() => _training.Dispose();
}
