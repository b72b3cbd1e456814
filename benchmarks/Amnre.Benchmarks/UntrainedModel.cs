using Amnre.Engine.Checkpoints;
using Amnre.Engine.Estimators;
using Amnre.Engine.Networks;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;

namespace Amnre.Benchmarks;

/// <summary>An AMNRE of 7×256 as evaluations load it; its weights do not change how long they take.</summary>
internal static class UntrainedModel
{
    public static TrainedModel Load(ISimulator simulator, int threads)
    {
        using var folder = new ScratchFolder();
        var path = Path.Combine(folder.Root, "model.pth");
        var settings = TrainingSteps.Amnre(7, 256) with { Simulator = simulator.Name };
        using (var estimator = EstimatorAssembly.Build(settings, simulator, PriorMoments.Of(simulator), new ForwardMode()))
            StateFile.Write(path, StateTransfer.Save(estimator));
        new ModelFile(settings, new TrainInputs(null, null, null, null), "model.pth", null).Write(Path.ChangeExtension(path, ".json"));
        return TrainedModel.Load(path, simulator, threads);
    }
}
