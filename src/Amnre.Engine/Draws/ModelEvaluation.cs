using Amnre.Engine.ChainRule;
using Amnre.Engine.Evaluation;
using Amnre.Engine.Posteriors;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Draws;

/// <summary>How an evaluation ended.</summary>
/// <param name="End">Completed or drained.</param>
/// <param name="Written">Files written that are not one for each observation; none when it drained.</param>
/// <param name="Undrawn">Rows of which no draws were made.</param>
public sealed record EvaluationEnd(RunEnd End, IReadOnlyList<string> Written, IReadOnlyList<int> Undrawn);

/// <summary>All that an evaluation may be asked for: marginals of observations and tests of pairs (<see cref="EvaluationRun"/>), then what
/// follows from percentiles and from draws.</summary>
public static class ModelEvaluation
{
    /// <summary>Evaluates and writes what the settings ask for.</summary>
    /// <exception cref="InputException">Invalid settings, a file that does not fit, or a model that knows nothing of what is
    /// asked.</exception>
    /// <exception cref="OperationCanceledException">The run was told to stop.</exception>
    public static EvaluationEnd Run(
        EvaluateSettings settings, ISimulator simulator, IMarginalPosterior posterior, EvaluateInputs inputs,
        EvaluationOutputs outputs, RunContext context)
    {
        EvaluateSettingsErrors.Of(settings, simulator).ThrowIfAny("evaluation");
        var reference = inputs.Reference ?? ReferenceDraws.Find(settings.Reference);
        using var conditional = settings.Given is { } given && Condition.Of(given, simulator) is var (mask, values)
            ? new ConditionalPosterior(posterior, mask, values, divided: true)
            : null;
        var estimate = conditional ?? posterior;
        if (settings.Predictive) PosteriorDraws.CheckPredictable(settings, simulator, estimate);
        var hasRows = settings.First < settings.Last;
        if (EvaluationRun.Run(settings, simulator, estimate, inputs, outputs, context) == RunEnd.Drained)
            return new EvaluationEnd(RunEnd.Drained, [], []);
        List<string> written = [.. hasRows ? [outputs.Table] : (string[])[], .. settings.Kl ? [outputs.Kl] : (string[])[],
            .. settings.Classify ? [outputs.Classification] : (string[])[]];
        if (settings.Coverage)
        {
            ExpectedCoverage.Tabulate(outputs.Table, outputs.Coverage, simulator.Labels);
            written.Add(outputs.Coverage);
        }

        if (!settings.NeedsDraws) return new EvaluationEnd(RunEnd.Completed, written, []);
        // Draws are not saved on the way, so stop and drain both interrupt them.
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(context.Stop, context.Drain);
        try
        {
            var undrawn = Draw(settings, simulator, estimate, inputs, reference, outputs, context with { Stop = leave.Token }, written);
            return new EvaluationEnd(RunEnd.Completed, written, undrawn);
        }
        catch (OperationCanceledException) when (!context.Stop.IsCancellationRequested)
        {
            return new EvaluationEnd(RunEnd.Drained, [], []);
        }
    }

    private static IReadOnlyList<int> Draw(
        EvaluateSettings settings, ISimulator simulator, IMarginalPosterior estimate, EvaluateInputs inputs, string? reference,
        EvaluationOutputs outputs, RunContext context, List<string> written)
    {
        var count = settings.Draws == 0 ? EvaluateSettings.DiagnosedDraws : settings.Draws;
        var draws = PosteriorDraws.Of(settings, simulator, estimate, inputs, count, context);
        if (settings.Diagnostics) draws.CheckDiagnosable();
        if (settings.Predictive) draws = draws.Predict(simulator, settings.Seed, context.Stop);
        List<(string Name, double Value)> found = [.. draws.Worth.Select(one => ($"min_effective_draws_{one.Key}d", one.Value))];
        // Where there are histograms of samples, the table is of these samples.
        if (!settings.NeedsHistograms) SamplingTable.Write(outputs.Sampling, draws.Reports, simulator.Labels);
        if (settings.Draws > 0)
        {
            draws.Write(outputs.Draws);
            written.Add(outputs.Draws);
        }

        if (settings.Diagnostics)
        {
            var (files, worst) = DrawDiagnostics.Write(draws, inputs.Samples, outputs.Diagnostics, settings.Seed);
            written.AddRange(files);
            found.AddRange(worst);
        }

        if (reference == TrueReference.Likelihood)
        {
            reference = outputs.Reference;
            TrueReference.Write(
                simulator, inputs.Samples, (settings.First, settings.Last), [.. draws.Masks.Select(pair => pair.Mask)], count,
                settings.Seed, settings.Threads, reference, outputs.ReferenceQuality, context);
            written.AddRange([reference, outputs.ReferenceQuality]);
        }

        if (reference is not null)
        {
            var compared = draws.WithParts(EvaluateSettingsErrors.Masks(settings, simulator));
            found.AddRange(ReferenceComparison.Write(compared, reference, outputs.Comparison, settings.Seed, settings.Threads, context));
            written.Add(outputs.Comparison);
        }

        if (outputs.Summary is { } summary) EvaluationSummary.Extend(summary, found);
        return [.. Enumerable.Range(settings.First, settings.Last - settings.First).Except(draws.Rows)];
    }
}
