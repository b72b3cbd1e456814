using Amnre.Engine.Masks;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Evaluation;

/// <summary>Which of the masks asked for a model is evaluated on.</summary>
internal static class EvaluationMasks
{
    /// <summary>Those that the model was trained for; all parameters together when it was trained for these and for none asked
    /// for.</summary>
    /// <param name="skipped">Those that it was not trained for.</param>
    public static IReadOnlyList<ParameterMask> Of(
        EvaluateSettings settings, ISimulator simulator, Func<ParameterMask, bool> covers, out IReadOnlyList<ParameterMask> skipped)
    {
        var asked = EvaluateSettingsErrors.Masks(settings, simulator);
        var covered = asked.Where(covers).ToList();
        skipped = [.. asked.Except(covered)];
        var full = ParameterMask.Full(simulator.ThetaSize);
        return covered.Count == 0 && covers(full) ? [full] : covered;
    }
}
