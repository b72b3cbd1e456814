using Amnre.Engine.Masks;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;
using Amnre.Engine.Truth;

namespace Amnre.Engine.Evaluation;

/// <summary>Checks the settings of an evaluation.</summary>
public static class EvaluateSettingsFaults
{
    /// <summary>One validation error for each setting that cannot be, or cannot be together with another; empty when all can.</summary>
    public static IReadOnlyList<(string Field, string Message)> Of(EvaluateSettings settings, ISimulator simulator)
    {
        var faults = new List<(string, string)>();
        void Check(bool good, string field, string message)
        {
            if (!good) faults.Add((field, message));
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
            $"the true posterior of {simulator.Name} is not available: leave accuracy out");
        CheckMasks(settings, simulator, faults);
        return EvaluateSettings.Fields.With(settings, faults);
    }

    /// <summary>The masks to evaluate, in the order given, each once.</summary>
    internal static IReadOnlyList<ParameterMask> Masks(EvaluateSettings settings, ISimulator simulator) =>
        [.. MaskList.Expand(settings.Masks, simulator.ThetaSize, Filter(settings), out _).Distinct()];

    private static ParameterMask? Filter(EvaluateSettings settings) =>
        settings.Filter is { } text && ParameterMask.TryParse(text, out var mask) ? mask : null;

    private static void CheckMasks(EvaluateSettings settings, ISimulator simulator, List<(string, string)> faults)
    {
        if (settings.Filter is not null && (Filter(settings) is not { } filter || filter.Size != simulator.ThetaSize))
        {
            faults.Add((nameof(settings.Filter),
                $"'{settings.Filter}' is not a mask of {simulator.ThetaSize} parameters: write {simulator.ThetaSize} characters 0 or 1"));
            return;
        }

        var masks = MaskList.Expand(settings.Masks, simulator.ThetaSize, Filter(settings), out var wrong);
        faults.AddRange(wrong.Select(message => (nameof(settings.Masks), message)));
        if (masks.Count == 0 && wrong.Count == 0) faults.Add((nameof(settings.Masks), "no mask is left: name at least one"));
    }
}
