using Amnre.Engine.Estimators;
using Amnre.Engine.Flows;
using Amnre.Engine.Masks;
using Amnre.Engine.Native;
using Amnre.Engine.Networks;
using Amnre.Engine.Optimization;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Training;

/// <summary>What is wrong with settings, all of it at once, before anything is spent on them.</summary>
public static class TrainSettingsFaults
{
    /// <returns>For each fault the field (<c>snake_case</c>, nested with dots) and a sentence that names the value and the remedy;
    /// empty when the settings can be run.</returns>
    /// <param name="settings">What was asked for.</param>
    /// <param name="simulator">The simulator they name.</param>
    /// <param name="adversary">Whether a frozen model is to weigh the samples.</param>
    public static IReadOnlyList<(string Field, string Message)> Of(TrainSettings settings, ISimulator simulator, bool adversary = false)
    {
        var faults = new List<(string Field, string Message)>();
        var usual = new TrainSettings { Simulator = simulator.Name };
        if (TrainingDevice.Fault(settings.Device) is { } device) faults.Add(("device", device));
        Choice("keep", settings.Keep, ["last", "best"]);
        Choice("criterion", settings.Criterion, RatioCriterion.Names);
        Choice("scheduler", settings.Scheduler, LearningRateSchedule.Names);
        if (settings.Simulator != simulator.Name) faults.Add(("simulator", $"'{settings.Simulator}' is not {simulator.Name}"));

        AtLeast("threads", settings.Threads, 1);
        AtLeast("epochs", settings.Epochs, 1);
        AtLeast("descents", settings.Descents, 1);
        AtLeast("batch_size", settings.BatchSize, 1);
        AtLeast("patience", settings.Patience, 0);
        AtLeast("early_stopping", settings.EarlyStopping, 0);
        AtLeast("buffer_mib", settings.BufferMebibytes, 1);
        if (settings.Average is not (>= 0 and < 1))
            faults.Add(("average", $"{settings.Average} is not the decay of an average: give a number from 0 to below 1, such as 0.999"));
        Above("learning_rate", settings.LearningRate);
        Above("min_learning_rate", settings.MinLearningRate);
        Above("clip", settings.Clip);
        if (!(settings.WeightDecay >= 0 && double.IsFinite(settings.WeightDecay)))
            faults.Add(("weight_decay", $"{settings.WeightDecay} is not a weight decay: give a number of at least 0"));
        if (settings.Scheduler == "plateau")
        {
            if (settings.Factor is not (> 0 and < 1))
                faults.Add(("factor", $"{settings.Factor} does not lower the learning rate: give a number between 0 and 1"));
            if (settings.Threshold is not (>= 0 and < 1))
                faults.Add(("threshold", $"{settings.Threshold} is not a relative threshold: give a number from 0 to below 1"));
        }

        else
        {
            Ignored("factor", settings.Factor, usual.Factor, "plateau");
            Ignored("threshold", settings.Threshold, usual.Threshold, "plateau");
            Ignored("patience", settings.Patience, usual.Patience, "plateau");
        }

        if (settings.Live && simulator is not ILiveNoise)
            faults.Add(("live", $"simulator {simulator.Name} defines no noise to add while training: leave 'live' out"));
        if (settings.Flow && settings.Criterion != usual.Criterion)
            faults.Add(("criterion",
                $"'{settings.Criterion}' is a loss of ratios, and a flow maximises its likelihood: leave 'criterion' or 'flow' out"));
        if (settings is { Arbitrary: true, Flow: true })
            faults.Add(("flow", "a flow is not an estimator of arbitrary subsets: give either 'arbitrary' or 'flow'"));
        if (adversary && (settings.Arbitrary || settings.Flow))
            faults.Add(("adversary", "only ratios of all or of listed parameters (NRE, MNRE) are trained against an adversary: leave " +
                "'arbitrary' and 'flow' out"));
        if (settings.Inverse && !adversary)
            faults.Add(("inverse", "inverse weights need an adversary: name one or leave 'inverse' out"));
        if (settings.Hyper is not null && !settings.Arbitrary)
            faults.Add(("hyper", "only arbitrary estimators have a hyper-network: add 'arbitrary' or remove 'hyper'"));
        if (settings.Flow) FlowOptions.Read(settings.Model, "model", faults);
        else NetworkOptions.Read(settings.Model, "model", faults);
        if (settings.Hyper is not null) NetworkOptions.Read(settings.Hyper, "hyper", faults, architecture: "ResNet");
        EstimatorAssembly.Embedding(settings, faults);
        Masks(settings, simulator.ThetaSize, faults);
        if (faults.Count == 0 && TrainingMemory.Fault(settings, simulator) is { } memory) faults.Add(("model", memory));
        return faults;

        void Choice(string field, string value, IReadOnlyList<string> choices)
        {
            if (!choices.Contains(value)) faults.Add((field, $"'{value}' is unknown: give one of {string.Join(", ", choices)}"));
        }

        void AtLeast(string field, int value, int least)
        {
            if (value < least) faults.Add((field, $"{value} is too small: give an integer of at least {least}"));
        }

        void Ignored<T>(string field, T value, T standard, string scheduler)
        {
            if (!EqualityComparer<T>.Default.Equals(value, standard))
                faults.Add((field,
                    $"{value} has no effect with scheduler '{settings.Scheduler}': choose '{scheduler}' or leave '{field}' out"));
        }

        void Above(string field, double value)
        {
            if (!(value > 0 && double.IsFinite(value))) faults.Add((field, $"{value} is not positive: give a number above 0"));
        }
    }

    private static void Masks(TrainSettings settings, int size, List<(string Field, string Message)> faults)
    {
        ParameterMask? filter = null;
        if (settings.Filter is { } text)
        {
            if (ParameterMask.TryParse(text, out var parsed) && parsed.Size == size && parsed.Count > 0) filter = parsed;
            else faults.Add(
                ("filter", $"'{text}' is not a filter: write {size} characters, one 0 or 1 per parameter, at least one of them 1"));
        }

        if (filter is not null && !settings.Masks.Any(mask => mask.StartsWith('='))
            && settings is not { Arbitrary: true, Masks: [] or ["uniform" or "poisson", ..] })
            faults.Add(("filter",
                $"'{filter}' has no effect on {(settings.Masks.Count > 0 ? "masks that are written out" : "the one estimator of all parameters")}: write masks as '=k', or leave 'filter' out"));

        if (settings is { Arbitrary: true, Masks: ["uniform" or "poisson", ..] })
        {
            if (settings.Masks.Count > 1)
                faults.Add(("masks", $"'{settings.Masks[0]}' stands alone: remove {string.Join(", ", settings.Masks.Skip(1))}"));
            return;
        }

        var masks = MaskList.Expand(settings.Masks, size, filter, out var wrong);
        faults.AddRange(wrong.Select(sentence => ("masks", sentence)));
        if (settings.Masks.Count > 0 && wrong.Count == 0 && masks.Count == 0)
            faults.Add(("masks",
                $"{string.Join(", ", settings.Masks)} selects no subset of the filter {filter}: widen the filter or name other masks"));
    }
}
