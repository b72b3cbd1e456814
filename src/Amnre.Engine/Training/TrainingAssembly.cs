using Amnre.Engine.Checkpoints;
using Amnre.Engine.Estimators;
using Amnre.Engine.Native;
using Amnre.Engine.Networks;
using Amnre.Engine.SampleFiles;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;
using Amnre.Engine.TrainingRows;
using static TorchSharp.torch;

namespace Amnre.Engine.Training;

/// <summary>Opens what trainings name.</summary>
internal static class TrainingAssembly
{
    /// <param name="models">Alike but for their seeds and the models that they start from or are trained against.</param>
    /// <param name="simulator">The simulator they name.</param>
    /// <param name="together">As batched products even where that is not faster.</param>
    /// <param name="note">Receives a sentence on what cannot be checked.</param>
    /// <exception cref="InputException">A file is invalid.</exception>
    public static Lockstep Open(IReadOnlyList<ModelTraining> models, ISimulator simulator, bool together, Action<string> note)
    {
        var setups = new List<TrainingSetup>();
        try
        {
            foreach (var model in models) setups.Add(Open(model.Settings, simulator, model.Inputs, together, note));
            return new Lockstep(setups);
        }
        catch
        {
            foreach (var setup in setups) setup.Dispose();
            throw;
        }
    }

    private static TrainingSetup Open(TrainSettings settings, ISimulator simulator, TrainInputs inputs, bool together, Action<string> note)
    {
        var place = TrainingDevice.Open(settings.Device);
        var mode = new ForwardMode();
        var opened = new List<IDisposable>();
        try
        {
            var estimator = Opened(EstimatorAssembly.Build(settings, simulator, PriorMoments.Of(simulator), mode));
            if (inputs.Weights is { } start) StateTransfer.Load(estimator, StateFile.Read(start), start);
            SampleSet? training = null, judging = null;
            var rows = Opened<ITrainingRows>(inputs.Samples is { } samples
                ? Stored(samples, simulator, settings, settings.Descents, EpochDraws.Training(settings.Seed), place, out training,
                    settings.Live ? simulator as ILiveNoise : null)
                : new SimulatedRows(simulator, settings.BatchSize, settings.Descents, settings.Seed, settings.Threads, place));
            var validation = inputs.Valid is { } valid
                ? new PrefetchedRows(
                    Opened(Stored(valid, simulator, settings, null, EpochDraws.Validation(settings.Seed), place, out judging)))
                : null;
            var moments = training?.Moments;
            if (judging is not null)
            {
                DatasetMatch.RequireSameMoments(inputs.Samples ?? $"simulated by {simulator.PlainName}", moments, inputs.Valid!,
                    judging.Moments);
                if (training is not null) DatasetMatch.RequireSameBasis(inputs.Samples!, training, inputs.Valid!, judging);
            }

            if (inputs.Weights is { } begun) CheckModel("weights", begun, inputs, training, note);
            if (inputs.Adversary is { } frozenModel) CheckModel("adversary", frozenModel, inputs, training, note);
            var adversary = inputs.Adversary is { } frozen ? Opened(EstimatorAssembly.LoadAdversary(frozen, settings, simulator)) : null;
            adversary?.MoveTo(place);
            var loss = LossOptions.Of(
                settings, simulator.ThetaSize, adversary is null ? null : new ImportanceWeights(adversary, settings.Inverse), together);
            return new TrainingSetup(settings, estimator, mode, loss, new PrefetchedRows(rows), validation)
            {
                Inputs = InputDigests.Of(inputs),
                Record = TrainingRecord.Of(simulator, moments, training?.BasisDigest ?? simulator.BasisDigest) with
                {
                    HasFreeFactor = settings.HasFreeFactor,
                },
            };
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

    /// <summary>What a model learnt before means something of x as in its own training alone: of a frozen one's ratios, and of weights to
    /// start from.</summary>
    private static void CheckModel(string role, string model, TrainInputs inputs, SampleSet? training, Action<string> note)
    {
        var samples = inputs.Samples ?? "what is simulated";
        var settings = EstimatorAssembly.SettingsBeside(model);
        // Weights to start from may come alone.
        if ((role == "weights" && !File.Exists(settings)) || ModelFile.Read(settings).TrainedOn is not { } record)
            note($"{role} '{model}' does not say by which moments its training data were standardised: whether '{samples}' fits cannot " +
                "be checked");
        else if ((training is null ? null : DatasetMatch.BasisError(model, record, samples, training)) is { } basis)
            throw new InputException($"{role}: {basis}");
        else if (DatasetMatch.Error(model, record, samples, training?.Moments) is { } error) throw new InputException($"{role}: {error}");
    }

    private static StoredRows Stored(
        string path, ISimulator simulator, TrainSettings settings, int? most, EpochDraws draws, Device place, out SampleSet file,
        ILiveNoise? noise = null)
    {
        file = Open(path, simulator);
        var row = sizeof(float) * ((long)file.ThetaSize + file.ObservationSize);
        return new StoredRows(file, settings.BatchSize, most, draws, place,
            StoredRows.ChunkWithin((long)settings.BufferMebibytes << 20, row), noise)
        { Prior = simulator };
    }

    private static SampleSet Open(string path, ISimulator simulator)
    {
        var file = SampleSet.Open(path);
        if (file.Rows > 0 && file.ThetaSize == simulator.ThetaSize && file.ObservationShape.SequenceEqual(simulator.ObservationShape))
        {
            try
            {
                DatasetMatch.RequireSimulator(path, file, simulator);
                return file;
            }
            catch
            {
                file.Dispose();
                throw;
            }
        }

        var (rows, thetaSize, shape) = (file.Rows, file.ThetaSize, string.Join(", ", file.ObservationShape));
        file.Dispose();
        throw new InputException(
            $"'{path}' holds {rows} rows of {thetaSize} parameters and observations [{shape}], but {simulator.PlainName} has " +
            $"{simulator.ThetaSize} "
            + $"parameters and observations [{string.Join(", ", simulator.ObservationShape)}]: give a dataset of {simulator.PlainName}");
    }
}
