using Amnre.Engine.Catalog;
using Amnre.Engine.Evaluation;
using Amnre.Engine.Settings;

namespace Amnre.Experiments.Plans;

/// <summary>Says which evaluations that keep draws also sample histograms of many parameters by long chains, which draws do not take and
/// hardly anybody looks at.</summary>
public static class SamplingNotes
{
    /// <summary>Evaluations of a network that take a processor about a minute.</summary>
    private const double Many = 1e7;

    /// <param name="experiment">The file.</param>
    /// <returns>Sentences; none where nothing is worth saying.</returns>
    public static IEnumerable<string> Of(ExperimentFile experiment)
    {
        var simulator = SimulatorCatalog.Find(experiment.Simulator);
        using var processes = simulator as IDisposable;
        foreach (var one in experiment.Evaluations.Where(
            one => one.Settings is { Draws: > 0, Sampling: SamplingMethod.Chains, NeedsHistograms: true }))
        {
            var settings = one.Settings;
            var sampled = EvaluateSettingsErrors.Masks(settings, simulator)
                .Where(mask => Math.Pow(settings.Bins, mask.Count) > settings.McmcLimit).ToList();
            var states = (double)settings.BatchSize * settings.Steps * (settings.Last - settings.First) * sampled.Count;
            if (states >= Many)
                yield return FormattableString.Invariant(
                    $"evaluation '{one.Name}' also makes histograms of {string.Join(", ", sampled)} by chains of {settings.BatchSize} × {settings.Steps} states, {states:0e+0} evaluations of the network for each model; the draws do not need them: clean: true leaves them out, unless accuracy, calibration, coverage or consistency asks for them; with steps: 64 and burn: 32 they take seconds");
        }
    }
}
