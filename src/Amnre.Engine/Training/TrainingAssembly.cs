using Amnre.Engine.Checkpoints;
using Amnre.Engine.Datasets;
using Amnre.Engine.Estimators;
using Amnre.Engine.Networks;
using Amnre.Engine.Simulators;
using static TorchSharp.torch;

namespace Amnre.Engine.Training;

/// <summary>Opens what trainings name.</summary>
internal static class TrainingAssembly
{
    /// <param name="models">Alike but for their seeds and the models that they start from or are trained against.</param>
    /// <param name="simulator">The simulator they name.</param>
    /// <param name="together">As batched products even where that is not faster.</param>
    /// <exception cref="InputException">A file is at fault.</exception>
    public static Lockstep Open(IReadOnlyList<ModelTraining> models, ISimulator simulator, bool together)
    {
        var setups = new List<TrainingSetup>();
        try
        {
            foreach (var model in models) setups.Add(Open(model.Settings, simulator, model.Inputs, together));
            return new Lockstep(setups);
        }
        catch
        {
            foreach (var setup in setups) setup.Dispose();
            throw;
        }
    }

    private static TrainingSetup Open(TrainSettings settings, ISimulator simulator, TrainInputs inputs, bool together)
    {
        var place = TrainingDevice.Open(settings.Device);
        var mode = new ForwardMode();
        var opened = new List<IDisposable>();
        try
        {
            var estimator = Opened(EstimatorAssembly.Build(settings, simulator, PriorMoments.Of(simulator), mode));
            if (inputs.Weights is { } start) StateTransfer.Load(estimator, StateFile.Read(start), start);
            var rows = Opened<ITrainingRows>(inputs.Samples is { } samples
                ? Stored(samples, simulator, settings, settings.Descents, EpochDraws.Training(settings.Seed), place, settings.Live ? simulator as ILiveNoise : null)
                : new SimulatedRows(simulator, settings.BatchSize, settings.Descents, settings.Seed, settings.Threads, place));
            var validation = inputs.Valid is { } valid
                ? new PrefetchedRows(Opened(Stored(valid, simulator, settings, null, EpochDraws.Validation(settings.Seed), place)))
                : null;
            var adversary = inputs.Adversary is { } frozen ? Opened(EstimatorAssembly.LoadAdversary(frozen, settings, simulator)) : null;
            adversary?.MoveTo(place);
            var loss = new LossOptions(
                settings.Criterion, EstimatorAssembly.Masks(settings, simulator.ThetaSize),
                adversary is null ? null : new ImportanceWeights(adversary, settings.Inverse), together);
            return new TrainingSetup(settings, estimator, mode, loss, new PrefetchedRows(rows), validation);
        }
        catch
        {
            foreach (var one in opened) one.Dispose();
            throw;
        }

        T Opened<T>(T one)
            where T : IDisposable
        {
            opened.Add(one);
            return one;
        }
    }

    private static StoredRows Stored(string path, ISimulator simulator, TrainSettings settings, int? most, EpochDraws draws, Device place, ILiveNoise? noise = null)
    {
        var file = Open(path, simulator);
        var row = sizeof(float) * ((long)file.ThetaSize + file.ObservationSize);
        return new StoredRows(file, settings.BatchSize, most, draws, place, StoredRows.ChunkWithin((long)settings.BufferMebibytes << 20, row), noise);
    }

    private static SampleSet Open(string path, ISimulator simulator)
    {
        var file = SampleSet.Open(path);
        if (file.Rows > 0 && file.ThetaSize == simulator.ThetaSize && file.ObservationShape.SequenceEqual(simulator.ObservationShape)) return file;

        var (rows, thetaSize, shape) = (file.Rows, file.ThetaSize, string.Join(", ", file.ObservationShape));
        file.Dispose();
        throw new InputException(
            $"'{path}' holds {rows} rows of {thetaSize} parameters and observations [{shape}], but {simulator.Name} has {simulator.ThetaSize} "
            + $"parameters and observations [{string.Join(", ", simulator.ObservationShape)}]: give a dataset of {simulator.Name}");
    }
}
