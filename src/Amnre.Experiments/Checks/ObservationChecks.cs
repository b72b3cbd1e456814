using Amnre.Engine.Settings;
using Amnre.Experiments.Fields;
using Amnre.Experiments.Plans;

namespace Amnre.Experiments.Checks;

/// <summary>Refuses what cannot be measured on observations whose true parameters nobody knows.</summary>
internal static class ObservationChecks
{
    public static void Check(Section body, EvaluateSettings settings, DatasetSection? data)
    {
        if (data is not { HasTheta: false }) return;
        foreach (var field in NeedingParameters(settings))
            body.Error(field, $"'{field}' compares with true parameters, and observation '{data.Name}' has none: leave it out, or " +
                "evaluate a dataset");
    }

    /// <summary>The fields that ask for true parameters.</summary>
    public static IEnumerable<string> NeedingParameters(EvaluateSettings settings)
    {
        if (settings.Calibration) yield return "calibration";
        if (settings.Coverage) yield return "coverage";
        if (settings.Diagnostics) yield return "diagnostics";
        if (settings.Kl) yield return "kl";
        if (settings.Classify) yield return "classify";
    }
}
