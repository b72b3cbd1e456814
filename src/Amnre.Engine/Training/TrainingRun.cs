using Amnre.Engine.Checkpoints;
using Amnre.Engine.Datasets;
using Amnre.Engine.Estimators;
using Amnre.Engine.Native;
using Amnre.Engine.Networks;
using Amnre.Engine.Simulators;
using static TorchSharp.torch;

namespace Amnre.Engine.Training;

/// <summary>Trains an estimator from settings to files. Interrupted at any moment, it goes on from its last checkpoint and ends in
/// the same weights, byte for byte, as a run that nothing disturbed (on one kind of device).</summary>
public static class TrainingRun
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromMilliseconds(300);

    /// <summary>Checkpoints take at most this part of the time: small ones come at the end of each epoch, slow ones more rarely.</summary>
    private const double CheckpointShare = 0.05;

    /// <param name="settings">How to train.</param>
    /// <param name="simulator">The simulator they name.</param>
    /// <param name="inputs">The files to read.</param>
    /// <param name="weights">Where the weights are to be, such as <c>model.pth</c>. Beside them come, with other endings, the statistics
    /// <c>.csv</c> (now and then, and at the end), the weights not kept as <c>.best.pth</c> or <c>.last.pth</c>, and the settings <c>.json</c>, last.</param>
    /// <param name="checkpointDirectory">Holds the state between runs; the same for each run of one training.</param>
    /// <param name="context">Progress, the two tokens and the clock.</param>
    /// <exception cref="InputException">The settings or a file are at fault; names all faults of the settings.</exception>
    /// <exception cref="OperationCanceledException"><see cref="RunContext.Stop"/>.</exception>
    public static RunEnd Run(
        TrainSettings settings, ISimulator simulator, TrainInputs inputs, string weights, string checkpointDirectory, RunContext context)
    {
        var faults = TrainSettingsFaults.Of(settings, simulator, inputs.Adversary is not null);
        if (faults.Count > 0) throw new InputException(string.Join("\n", faults.Select(fault => $"{fault.Field}: {fault.Message}")));

        TorchLibrary.SetThreads(settings.Threads);
        using var session = Open(settings, simulator, inputs);
        var checkpoints = new CheckpointFolder(checkpointDirectory);
        var state = checkpoints.Latest(session.Owns) is { } found
            ? session.Restore(found)
            : new TrainingState
            {
                Schedule = new ScheduleState(settings.LearningRate),
                Started = context.Clock.GetLocalNow().DateTime,
            };

        var schedule = LearningRateSchedule.Of(settings);
        var report = new ProgressReport(context, settings.Epochs, session.Steps, ReportInterval);
        var (saved, due) = (context.Clock.GetTimestamp(), TimeSpan.Zero);
        while (!state.Finished)
        {
            if (!Descend(session, ref state, context, report) || !TryValidate(session, state.Epoch, context, out var validation))
            {
                Save();
                return RunEnd.Drained;
            }

            state = state.AfterEpoch(validation, schedule, settings.Epochs, settings.EarlyStopping);
            if (state.BestEpoch == state.Epoch - 1) session.KeepBest();
            if (state.Finished || context.Clock.GetElapsedTime(saved) >= due)
            {
                due = Save() / CheckpointShare;
                saved = context.Clock.GetTimestamp();
            }

            report.EndEpoch(state);
        }

        Write(session, state, settings, inputs, weights);
        return RunEnd.Completed;

        TimeSpan Save()
        {
            var begin = context.Clock.GetTimestamp();
            checkpoints.Save(state.Epoch, state.Step, session.Checkpoint(state));
            HistoryFile.Write(Path.ChangeExtension(weights, ".csv"), state.History);
            var took = context.Clock.GetElapsedTime(begin);
            context.Saved(took);
            return took;
        }
    }

    /// <summary>The rest of the epoch's steps; false when asked to drain before their end.</summary>
    private static bool Descend(TrainingSession session, ref TrainingState state, RunContext context, ProgressReport report)
    {
        var (begin, before) = (context.Clock.GetTimestamp(), state.Seconds);
        while (state.Step < session.Steps)
        {
            context.Stop.ThrowIfCancellationRequested();
            if (context.Drain.IsCancellationRequested) return false;
            state = session.Step(state) with { Seconds = before + context.Clock.GetElapsedTime(begin).TotalSeconds };
            report.Step(state);
        }

        return true;
    }

    /// <summary>The finite losses of the validation set, null without one; false when asked to drain before their end.</summary>
    private static bool TryValidate(TrainingSession session, int epoch, RunContext context, out List<float>? losses)
    {
        losses = session.ValidationSteps > 0 ? [] : null;
        for (var step = 0; step < session.ValidationSteps; step++)
        {
            context.Stop.ThrowIfCancellationRequested();
            if (context.Drain.IsCancellationRequested) return false;
            if (session.Validate(epoch, step) is { } loss) losses!.Add(loss);
        }

        return true;
    }

    private static TrainingSession Open(TrainSettings settings, ISimulator simulator, TrainInputs inputs)
    {
        var place = TrainingDevice.Open(settings.Device);
        var mode = new ForwardMode();
        var estimator = EstimatorAssembly.Build(settings, simulator, PriorMoments.Of(simulator), mode);
        if (inputs.Weights is { } start) StateTransfer.Load(estimator, StateFile.Read(start), start);
        ITrainingRows rows = inputs.Samples is { } samples
            ? Stored(samples, simulator, settings, settings.Descents, EpochDraws.Training(settings.Seed), place, settings.Live ? simulator as ILiveNoise : null)
            : new SimulatedRows(simulator, settings.BatchSize, settings.Descents, settings.Seed, place);
        var validation = inputs.Valid is { } valid
            ? new PrefetchedRows(Stored(valid, simulator, settings, null, EpochDraws.Validation(settings.Seed), place))
            : null;
        var adversary = inputs.Adversary is { } frozen ? EstimatorAssembly.LoadAdversary(frozen, settings, simulator) : null;
        adversary?.MoveTo(place);
        var loss = new LossOptions(
            settings.Criterion, EstimatorAssembly.Masks(settings, simulator.ThetaSize),
            adversary is null ? null : new ImportanceWeights(adversary, settings.Inverse));
        return new TrainingSession(settings, estimator, mode, loss, new PrefetchedRows(rows), validation);
    }

    private static StoredRows Stored(string path, ISimulator simulator, TrainSettings settings, int? most, EpochDraws draws, Device place, ILiveNoise? noise = null)
    {
        var file = Open(path, simulator);
        var row = sizeof(float) * (file.ThetaSize + file.ObservationShape.Aggregate(1L, (product, length) => product * length));
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

    private static void Write(TrainingSession session, TrainingState state, TrainSettings settings, TrainInputs inputs, string weights)
    {
        var (last, best) = session.Settled();
        var (kept, other, ending) = settings.Keep == "best" ? (best, last, ".last.pth") : (last, best, ".best.pth");
        StateFile.Write(Path.ChangeExtension(weights, ending), other);
        StateFile.Write(weights, kept);
        HistoryFile.Write(Path.ChangeExtension(weights, ".csv"), state.History);
        new ModelFile(settings, inputs, weights, state.Started).Write(Path.ChangeExtension(weights, ".json"));
    }
}
