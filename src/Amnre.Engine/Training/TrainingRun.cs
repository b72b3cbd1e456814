using System.Text.Json;
using Amnre.Engine.Checkpoints;
using Amnre.Engine.Native;
using Amnre.Engine.Optimization;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;
using Amnre.Engine.Tables;

namespace Amnre.Engine.Training;

/// <summary>Trains estimators from settings to files. Interrupted at any moment, it resumes from its last checkpoint and ends in
/// the same weights, byte for byte, as a run that nothing disturbed (on one kind of device).</summary>
public static class TrainingRun
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromMilliseconds(300);

    /// <summary>Checkpoints take at most this part of the time: small ones come at the end of each epoch, slow ones more rarely.</summary>
    private const double CheckpointShare = 0.05;

    /// <summary>Ending of the file beside the weights with the state of a training that paused (<see cref="TrainSettings.StopAfter"/>). It
    /// holds measured times.</summary>
    public const string PausedState = ".state.safetensors";

    /// <param name="models">Replicates: alike but for their seeds and the models that they start from or are trained against. On a CPU
    /// each ends in the bytes that it has when trained alone; on a GPU they are batched products, and the last bits depend on how many
    /// there are.</param>
    /// <param name="simulator">The simulator they name.</param>
    /// <param name="checkpointDirectory">Holds the state between runs; the same for each run of the same models.</param>
    /// <param name="context">Progress, the two tokens and the clock.</param>
    /// <exception cref="InputException">The settings or a file is invalid; names all validation errors of the settings.</exception>
    /// <exception cref="OperationCanceledException"><see cref="RunContext.Stop"/>.</exception>
    public static RunEnd Run(IReadOnlyList<ModelTraining> models, ISimulator simulator, string checkpointDirectory, RunContext context) =>
        Run(models, simulator, checkpointDirectory, context, together: false);

    /// <param name="from">The state that a training of the same settings paused with (<see cref="PausedState"/>), to go on from. It saves
    /// time and changes nothing: without it, or where it is of another training, this one begins with the first epoch.</param>
    /// <inheritdoc cref="Run(IReadOnlyList{ModelTraining}, ISimulator, string, RunContext)"/>
    public static RunEnd Run(
        IReadOnlyList<ModelTraining> models, ISimulator simulator, string checkpointDirectory, RunContext context, string? from) =>
        Run(models, simulator, checkpointDirectory, context, together: false, from);

    /// <summary>Of one model.</summary>
    /// <inheritdoc cref="Run(IReadOnlyList{ModelTraining}, ISimulator, string, RunContext)"/>
    public static RunEnd Run(
        TrainSettings settings, ISimulator simulator, TrainInputs inputs, string weights, string checkpointDirectory, RunContext context) =>
        Run([new ModelTraining(settings, inputs, weights)], simulator, checkpointDirectory, context);

    /// <param name="together">As batched products even where that is not faster.</param>
    internal static RunEnd Run(
        IReadOnlyList<ModelTraining> models, ISimulator simulator, string checkpointDirectory, RunContext context, bool together,
        string? from = null)
    {
        var settings = models[0].Settings;
        models.SelectMany(model => TrainSettingsErrors.Of(model.Settings, simulator, model.Inputs.Adversary is not null)).Distinct()
            .ToList().ThrowIfAny("training");
        if (models.Select(model => JsonSerializer.Serialize(model.Settings with { Seed = 0 })).Distinct().Count() > 1
            || settings.Replicates is not null)
            throw new ArgumentException("each settings are of one model, and models that are trained together differ by their seeds alone",
                nameof(models));

        TorchLibrary.SetThreads(settings.Threads);
        using var training = TrainingAssembly.Open(models, simulator, together, context.Note);
        var checkpoints = new CheckpointFolder(checkpointDirectory);
        var started = context.Clock.GetLocalNow().DateTime;
        var states = (checkpoints.Latest(file => TrainingCheckpoint.Difference(training, file), context.Note)
            ?? Paused(training, from, context.Note)) is { } found
            ? TrainingCheckpoint.Restore(training, found)
            : [.. models.Select(_ => new TrainingState { Schedule = new ScheduleState(settings.LearningRate), Started = started })];
        checkpoints.Make();

        var schedule = LearningRateSchedule.Of(settings);
        var report = new ProgressReport(
            context, Math.Min(settings.StopAfter ?? int.MaxValue, settings.Epochs), training.Steps, ReportInterval);
        var (saved, due) = (context.Clock.GetTimestamp(), TimeSpan.Zero);
        while (states.Any(state => !state.Finished) && !IsPaused(states))
        {
            if (!Descend(training, ref states, context, report) || !TryValidate(training, ref states, context, out var validation))
            {
                Save();
                return RunEnd.Drained;
            }

            foreach (var (place, state) in states.Index())
                if (!state.Finished) LearningCheck.Require(models[place], state, training.Steps, validation?[place].Losses);
            states = [.. states.Select((state, place) => state.Finished
                ? state
                : state.AfterEpoch(
                    validation?[place].Losses, schedule, settings.Epochs, settings.EarlyStopping, validation?[place].CrossEntropies))];
            training.KeepBest(states);
            if (states.All(state => state.Finished) || IsPaused(states) || context.Clock.GetElapsedTime(saved) >= due)
            {
                due = Save() / CheckpointShare;
                saved = context.Clock.GetTimestamp();
            }

            report.EndEpoch(states);
        }

        // Before the weights: they are settled to be written, which a training that goes on must not see.
        if (settings.StopAfter is not null)
            TrainingCheckpoint.Of(training, states).Write(Path.ChangeExtension(models[0].Weights, PausedState));
        foreach (var (place, model) in models.Index())
        {
            if (LearningCheck.Told(model, states[place], training.Steps) is { } skipped) context.Note(skipped);
            Write(training.Sessions[place], states[place], model);
        }

        return RunEnd.Completed;

        bool IsPaused(IReadOnlyList<TrainingState> now) => settings.StopAfter is { } last && now.All(state => state.Epoch > last);

        TimeSpan Save()
        {
            var begin = context.Clock.GetTimestamp();
            checkpoints.Save(states.Max(state => state.Epoch),
                states.Where(state => !state.Finished).Select(state => state.Step).FirstOrDefault(),
                TrainingCheckpoint.Of(training, states));
            foreach (var (place, model) in models.Index())
                HistoryFile.Write(Path.ChangeExtension(model.Weights, ".csv"), states[place].History);
            var took = context.Clock.GetElapsedTime(begin);
            context.Saved(took);
            return took;
        }
    }

    private static SafetensorsFile? Paused(Lockstep training, string? from, Action<string> note)
    {
        if (from is null) return null;
        var state = SafetensorsFile.Read(from);
        if (TrainingCheckpoint.Difference(training, state) is not { } difference) return state;
        note($"the state '{from}' is not resumed, {difference}: begins with the first epoch");
        return null;
    }

    /// <summary>The rest of the epoch's steps; false when asked to drain before their end.</summary>
    private static bool Descend(Lockstep training, ref IReadOnlyList<TrainingState> states, RunContext context, ProgressReport report)
    {
        var running = states.First(state => !state.Finished);
        var (begin, before) = (context.Clock.GetTimestamp(), running.Seconds);
        for (var step = running.Step; step < training.Steps; step++)
        {
            context.Stop.ThrowIfCancellationRequested();
            if (context.Drain.IsCancellationRequested) return false;
            states = training.Step(states);
            var seconds = before + context.Clock.GetElapsedTime(begin).TotalSeconds;
            states = [.. states.Select(state => state.Finished ? state : state with { Seconds = seconds })];
            report.Step(states);
        }

        return true;
    }

    /// <summary>The finite losses of the validation set by model, null without one; false when asked to drain before their end.</summary>
    private static bool TryValidate(Lockstep training, ref IReadOnlyList<TrainingState> states, RunContext context,
        out IReadOnlyList<ValidationValues>? values)
    {
        var counted = states;
        values = training.ValidationSteps > 0 ? [.. states.Select(_ => new ValidationValues([], []))] : null;
        for (var step = 0; step < training.ValidationSteps; step++)
        {
            context.Stop.ThrowIfCancellationRequested();
            if (context.Drain.IsCancellationRequested) return false;
            var (losses, crossEntropies, after) = training.Validate(counted, step);
            counted = after;
            for (var place = 0; place < losses.Count; place++) values![place].Add(losses[place], crossEntropies[place]);
        }

        // Of a validation that was left nothing is kept.
        states = counted;
        return true;
    }

    private static void Write(TrainingSession session, TrainingState state, ModelTraining model)
    {
        var (last, best) = session.Settled();
        var (kept, other, ending) = model.Settings.Keep == KeptWeights.Best ? (best, last, ".last.pth") : (last, best, ".best.pth");
        StateFile.Write(Path.ChangeExtension(model.Weights, ending), other);
        StateFile.Write(model.Weights, kept);
        HistoryFile.Write(Path.ChangeExtension(model.Weights, ".csv"), state.History);
        new ModelFile(model.Settings, model.Inputs, model.Weights, state.Started)
        {
            TrainedOn = session.Record! with { SkippedBatches = state.SkippedSteps.Count() },
        }.Write(Path.ChangeExtension(model.Weights, ".json"));
    }
}
