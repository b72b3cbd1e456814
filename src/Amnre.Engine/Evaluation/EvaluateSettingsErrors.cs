using Amnre.Engine.ChainRule;
using Amnre.Engine.Masks;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;
using Amnre.Engine.Truth;

namespace Amnre.Engine.Evaluation;

/// <summary>Checks the settings of an evaluation.</summary>
public static class EvaluateSettingsErrors
{
    /// <summary>What <c>reference</c> says for draws of the true posterior.</summary>
    internal const string LikelihoodReference = "likelihood";

    /// <summary>One validation error for each setting that cannot be, or cannot be together with another; empty when all can.</summary>
    public static IReadOnlyList<(string Field, string Message)> Of(EvaluateSettings settings, ISimulator simulator)
    {
        var errors = new List<(string, string)>();
        void Check(bool good, string field, string message)
        {
            if (!good) errors.Add((field, message));
        }

        Check(
            string.Equals(settings.Simulator, simulator.Name, StringComparison.OrdinalIgnoreCase), nameof(settings.Simulator),
            $"the settings say '{settings.Simulator}', but the simulator is {simulator.Name}");
        Check(
            settings.Steps > settings.Burn, nameof(settings.Steps),
            $"{settings.Steps} steps leave nothing after a burn-in of {settings.Burn}: write more steps");
        Check(
            settings.First != settings.Last || settings.Kl || settings.Classify, nameof(settings.Last),
            "there is nothing to do: give observation rows, or ask for kl or classify");
        Check(
            settings.Emd != DistanceMethod.Exact || settings.EmdLimit <= EvaluateSettings.MaxExactCells
                || settings is { Accuracy: false, Consistency: false },
            nameof(settings.EmdLimit), $"exact distances are for at most {EvaluateSettings.MaxExactCells} cells: write a limit no " +
                "larger, or entropic distances");
        Check(
            !settings.Accuracy || TruePosterior.IsKnown(simulator), nameof(settings.Accuracy),
            $"the true posterior of {simulator.PlainName} is not available: leave accuracy out, or write a simulator in C# with a " +
                "likelihood");
        Check(
            settings.First != settings.Last || !(settings.NeedsDraws || settings.Coverage), nameof(settings.Last),
            "draws, coverage and diagnostics are of observations, and there are none: give observation rows");
        CheckDraws(settings, simulator, errors);
        CheckGiven(settings, simulator, errors);
        CheckMasks(settings, simulator, errors);
        return EvaluateSettings.Fields.With(settings, errors);
    }

    /// <summary>The masks to evaluate, in the order given, each once; without those that hold a given parameter, since '=1' means each of
    /// the others.</summary>
    public static IReadOnlyList<ParameterMask> Masks(EvaluateSettings settings, ISimulator simulator)
    {
        var given = settings.Given is null ? 0 : Condition.Of(settings.Given, simulator)?.Mask.Bits ?? 0;
        return [.. MaskList.Expand(settings.Masks, simulator.ThetaSize, Filter(settings), out _)
            .Where(mask => (mask.Bits & given) == 0).Distinct()];
    }

    /// <summary>The masks to evaluate, each with the parameters that are given; none where nothing is.</summary>
    public static IReadOnlyList<ParameterMask> Conditioned(EvaluateSettings settings, ISimulator simulator) =>
        settings.Given is null || Condition.Of(settings.Given, simulator) is not { } condition ? []
        : [.. Masks(settings, simulator).Select(mask => new ParameterMask(mask.Bits | condition.Mask.Bits, mask.Size))];

    private static void CheckDraws(EvaluateSettings settings, ISimulator simulator, List<(string, string)> errors)
    {
        var (rows, full) = (settings.Last - settings.First, ParameterMask.Full(simulator.ThetaSize));
        if (settings.Diagnostics && rows is > 0 and < EvaluateSettings.FewestDiagnosed)
            errors.Add((nameof(settings.Last),
                $"diagnostics of {rows} observation{(rows == 1 ? "" : "s")} say nothing about calibration: give at least " +
                    $"{EvaluateSettings.FewestDiagnosed} rows"));
        if (settings.Reference is { } reference && settings.Draws < EvaluateSettings.FewestCompared)
            errors.Add((nameof(settings.Draws),
                $"reference '{SimulatorReference.Split(reference).Path}' is compared with draws, and {settings.Draws} teach a classifier " +
                    $"nothing: give draws too, {EvaluateSettings.FewestCompared} or more"));
        if (settings.Reference == LikelihoodReference && !TruePosterior.IsKnown(simulator))
            errors.Add((nameof(settings.Reference),
                $"the likelihood of {simulator.PlainName} is not known, so there are no draws of its true posterior: name a file of " +
                    "draws, or leave reference out"));
        if (!settings.Predictive) return;
        if (settings.Draws == 0)
            errors.Add((nameof(settings.Draws), "predictive simulates an observation from each draw: give draws too, such as 1000"));
        if (simulator is not IConditionalSimulator)
            errors.Add((nameof(settings.Predictive), $"simulator {simulator.PlainName} cannot simulate given parameters: leave " +
                "predictive out"));
        if (!MaskList.Expand(settings.Masks, simulator.ThetaSize, Filter(settings), out _).Contains(full))
            errors.Add((nameof(settings.Masks), $"predictive simulates from draws of all parameters: ask for mask {full} in masks"));
    }

    private static void CheckGiven(EvaluateSettings settings, ISimulator simulator, List<(string, string)> errors)
    {
        if (settings.Given is null) return;
        try
        {
            Condition.Of(settings.Given, simulator);
        }
        catch (InputException wrong)
        {
            errors.Add((nameof(settings.Given), wrong.Message));
        }

        string[] unknown = [.. new[]
        {
            (settings.Accuracy, "accuracy"), (settings.Calibration, "calibration"), (settings.Coverage, "coverage"),
            (settings.Diagnostics, "diagnostics"), (settings.Predictive, "predictive"), (settings.Kl, "kl"),
            (settings.Classify, "classify"), (settings.Reference == LikelihoodReference, "reference: likelihood"),
        }.Where(one => one.Item1).Select(one => one.Item2)];
        if (unknown.Length > 0)
            errors.Add((nameof(settings.Given), $"{string.Join(", ", unknown)} judge posteriors of the observation alone, and given adds " +
                $"{string.Join(", ", settings.Given.Keys)}: leave given or these out"));
    }

    private static ParameterMask? Filter(EvaluateSettings settings) =>
        settings.Filter is { } text && ParameterMask.TryParse(text, out var mask) ? mask : null;

    private static void CheckMasks(EvaluateSettings settings, ISimulator simulator, List<(string, string)> errors)
    {
        if (settings.Filter is not null && (Filter(settings) is not { } filter || filter.Size != simulator.ThetaSize))
        {
            errors.Add((nameof(settings.Filter),
                $"'{settings.Filter}' is not a mask of {simulator.ThetaSize} parameters: write {simulator.ThetaSize} characters 0 or 1"));
            return;
        }

        var masks = MaskList.Expand(settings.Masks, simulator.ThetaSize, Filter(settings), out var wrong);
        errors.AddRange(wrong.Select(message => (nameof(settings.Masks), message)));
        if (masks.Count > 0 && errors.Count == 0 && Masks(settings, simulator).Count == 0)
            errors.Add((nameof(settings.Masks),
                $"every mask of {string.Join(", ", settings.Masks)} holds a parameter that is given: ask for masks of the others"));
        if (masks.Count == 0 && wrong.Count == 0) errors.Add((nameof(settings.Masks), "no mask is left: name at least one"));
    }
}
