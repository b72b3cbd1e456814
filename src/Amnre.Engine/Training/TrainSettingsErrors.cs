using Amnre.Engine.Estimators;
using Amnre.Engine.Fields;
using Amnre.Engine.Flows;
using Amnre.Engine.Masks;
using Amnre.Engine.Networks;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Training;

/// <summary>What is wrong with settings, all of it at once, before anything is spent on them.</summary>
public static class TrainSettingsErrors
{
    /// <returns>For each validation error the field (<c>snake_case</c>, nested with dots) and a sentence that names the value and the
    /// remedy; empty when the settings can be run.</returns>
    /// <param name="settings">What was asked for.</param>
    /// <param name="simulator">The simulator they name.</param>
    /// <param name="adversary">Whether a frozen model is to weigh the samples.</param>
    public static IReadOnlyList<(string Field, string Message)> Of(TrainSettings settings, ISimulator simulator, bool adversary = false)
    {
        var errors = new List<(string Field, string Message)>();
        var defaults = TrainSettings.Fields.Defaults;
        if (settings.Simulator != simulator.Name)
            errors.Add((nameof(settings.Simulator), $"'{settings.Simulator}' is not {simulator.Name}"));

        if (settings.Scheduler != Schedule.Plateau)
            foreach (var plateau in (string[])[nameof(settings.Factor), nameof(settings.Threshold), nameof(settings.Patience)])
                Ignored(TrainSettings.Fields[TrainSettings.Fields.NameOf(plateau)]);

        if (settings.Live && simulator is not ILiveNoise)
            errors.Add((nameof(settings.Live), $"simulator {simulator.PlainName} defines no noise to add while training: leave 'live' " +
                "out"));
        if (settings.Flow && settings.Criterion != defaults.Criterion)
            errors.Add((nameof(settings.Criterion),
                $"'{EnumName.Of(settings.Criterion)}' is a loss of ratios, and a flow maximises its likelihood: leave 'criterion' or 'flow' out"));
        Losses(settings, adversary, errors);
        if (settings is { Arbitrary: true, Flow: true })
            errors.Add((nameof(settings.Flow), "a flow is not an estimator of arbitrary subsets: give either 'arbitrary' or 'flow'"));
        if (adversary && (settings.Arbitrary || settings.Flow))
            errors.Add(("adversary", "only ratios of all or of listed parameters (NRE, MNRE) are trained against an adversary: leave " +
                "'arbitrary' and 'flow' out"));
        if (settings.Trials && (settings.Arbitrary || settings.Flow || settings.Masks.Count > 0 || adversary))
            errors.Add((nameof(settings.Trials), "trials are independent given all parameters only: leave 'arbitrary', 'flow', 'masks' " +
                "and an adversary out, or 'trials'"));
        if (settings.Inverse && !adversary)
            errors.Add((nameof(settings.Inverse), "inverse weights need an adversary: name one or leave 'inverse' out"));
        if (settings.StopAfter >= settings.Epochs)
            errors.Add((nameof(settings.StopAfter),
                $"a pause after epoch {settings.StopAfter} of {settings.Epochs} is the end: leave it out"));
        if (settings.Hyper is not null && !settings.Arbitrary)
            errors.Add((nameof(settings.Hyper), "only arbitrary estimators have a hyper-network: add 'arbitrary' or remove 'hyper'"));
        if (settings.Flow) FlowOptions.Read(settings.Model, "model", errors);
        else NetworkOptions.Read(settings.Model, "model", errors);
        if (settings.Hyper is not null) NetworkOptions.Read(settings.Hyper, "hyper", errors, architecture: "ResNet");
        EstimatorAssembly.Embedding(settings, simulator, errors);
        Masks(settings, simulator.ThetaSize, errors);
        if (errors.Count == 0 && !TrainSettings.Fields.Errors(settings).Any() && TrainingMemory.Error(settings, simulator) is { } memory)
            errors.Add((nameof(settings.Model), memory));
        return TrainSettings.Fields.With(settings, errors);

        void Ignored(Field<TrainSettings> field)
        {
            if (!field.AreSame(settings, defaults))
                errors.Add((field.Name, $"{field.Text(settings)} has no effect with scheduler '{EnumName.Of(settings.Scheduler)}': " +
                    $"choose '{EnumName.Of(Schedule.Plateau)}' or leave '{field.Name}' out"));
        }
    }

    private static void Losses(TrainSettings settings, bool adversary, List<(string Field, string Message)> errors)
    {
        var (name, isContrastive) = (EnumName.Of(settings.Criterion), settings.Criterion is Criterion.Multiclass or Criterion.Contrastive);
        if (settings.Contrasts is { } given && !isContrastive)
            errors.Add((nameof(settings.Contrasts),
                $"{given} has no effect with criterion '{name}': choose 'NRE-B' or 'NRE-C', or leave 'contrasts' out"));
        if (settings.Gamma is not null && settings.Criterion != Criterion.Contrastive) Unused("gamma", "NRE-C");
        if (settings.Balance is not null && settings.Criterion != Criterion.Balanced) Unused("balance", "BNRE");
        if (adversary && settings.Criterion >= Criterion.Balanced && !settings.Flow)
            errors.Add((nameof(settings.Criterion),
                $"'{name}' has no terms that an adversary could weigh: choose 'NLL', 'FL', 'PL' or 'QS', or leave 'adversary' out"));
        if (!isContrastive) return;

        var contrasts = settings.Contrasts ?? TrainSettings.DefaultContrasts;
        if (settings.Criterion == Criterion.Multiclass && contrasts == 1)
            errors.Add((nameof(settings.Contrasts), "1 parameter leaves 'NRE-B' nothing to tell apart: give at least 2"));
        // The right one is among those of NRE-B, and one more than those of NRE-C.
        var (rows, most) = (settings.BatchSize, settings.BatchSize - (settings.Criterion == Criterion.Contrastive ? 1 : 0));
        if (rows >= 1 && contrasts > most)
            errors.Add((nameof(settings.Contrasts), $"{contrasts} with criterion '{name}' take more than the {rows} rows of a batch: " +
                (most >= 2 ? $"give at most {most}, or raise 'bs'" : "raise 'bs'")));

        void Unused(string field, string criterion) => errors.Add((field,
            $"{TrainSettings.Fields[field].Text(settings)} has no effect with criterion '{name}': choose '{criterion}', or leave " +
            $"'{field}' out"));
    }

    private static void Masks(TrainSettings settings, int size, List<(string Field, string Message)> errors)
    {
        ParameterMask? filter = null;
        if (settings.Filter is { } text)
        {
            if (ParameterMask.TryParse(text, out var parsed) && parsed.Size == size && parsed.Count > 0) filter = parsed;
            else errors.Add((nameof(settings.Filter),
                $"'{text}' is not a filter: write {size} characters, one 0 or 1 per parameter, at least one of them 1"));
        }

        if (filter is not null && !settings.Masks.Any(mask => mask.StartsWith('='))
            && settings is not { Arbitrary: true, Masks: [] or ["uniform" or "poisson", ..] })
            errors.Add((nameof(settings.Filter),
                $"'{filter}' has no effect on {(settings.Masks.Count > 0 ? "masks that are written out" : "the one estimator of all parameters")}: write masks as '=k', or leave 'filter' out"));

        if (settings is { Arbitrary: true, Masks: ["uniform" or "poisson", ..] })
        {
            if (settings.Masks.Count > 1)
                errors.Add((nameof(settings.Masks),
                    $"'{settings.Masks[0]}' stands alone: remove {string.Join(", ", settings.Masks.Skip(1))}"));
            return;
        }

        var masks = MaskList.Expand(settings.Masks, size, filter, out var wrong);
        errors.AddRange(wrong.Select(sentence => (nameof(settings.Masks), sentence)));
        if (settings.Masks.Count > 0 && wrong.Count == 0 && masks.Count == 0)
            errors.Add((nameof(settings.Masks),
                $"{string.Join(", ", settings.Masks)} selects no subset of the filter {filter}: widen the filter or name other masks"));
    }
}
