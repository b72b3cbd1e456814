using Amnre.Engine.Histograms;
using Amnre.Engine.Masks;
using Amnre.Engine.MassTransport;
using Amnre.Engine.Posteriors;
using Amnre.Engine.Sampling;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;
using Amnre.Engine.Truth;

namespace Amnre.Engine.Evaluation;

/// <summary>Measures a trained estimator on observations of a dataset.</summary>
public static class EvaluationRun
{
    /// <summary>Whether the true posterior is known, so that accuracy can be measured.</summary>
    public static bool KnowsTruth(ISimulator simulator) => TruePosterior.IsKnown(simulator);

    /// <summary>Evaluates into a directory, under the names of <see cref="EvaluateSettings"/>.</summary>
    /// <inheritdoc cref="Run(EvaluateSettings, ISimulator, IMarginalPosterior, EvaluateInputs, EvaluationOutputs, RunContext)"/>
    public static RunEnd Run(
        EvaluateSettings settings, ISimulator simulator, IMarginalPosterior posterior, EvaluateInputs inputs,
        string outputDirectory, RunContext context) =>
        Run(settings, simulator, posterior, inputs, EvaluationOutputs.InDirectory(outputDirectory), context);

    /// <summary>Evaluates and writes what the settings ask for. Masks that the model was not trained for are named in
    /// <see cref="RunContext.Note"/>.</summary>
    /// <exception cref="InputException">Invalid settings, a samples file that does not fit, an observation that is not finite, or no mask
    /// that the estimator covers.</exception>
    /// <exception cref="OperationCanceledException">The run was told to stop.</exception>
    public static RunEnd Run(
        EvaluateSettings settings, ISimulator simulator, IMarginalPosterior posterior, EvaluateInputs inputs,
        EvaluationOutputs outputs, RunContext context)
    {
        EvaluateSettingsErrors.Of(settings, simulator).ThrowIfAny("evaluation");
        using var samples = ObservationRows.Open(inputs.Samples, simulator);
        CheckSamples(settings, inputs, samples);
        ModelMatch.Require(posterior, inputs, samples, context);
        var observed = new List<ObservationResult>();
        if (settings.First < settings.Last
            && Observe(settings, simulator, posterior, inputs, outputs, samples, context, observed) == RunEnd.Drained)
            return RunEnd.Drained;
        PairTests? pairs = null;
        if ((settings.Kl || settings.Classify)
            && TestPairs(settings, simulator, posterior, inputs, samples, context, out pairs) == RunEnd.Drained)
            return RunEnd.Drained;

        if (settings.First < settings.Last)
        {
            EvaluationTable.Write(outputs.Table, [.. observed.Select(one => one.Row)], settings,
                outputs.NamesParameters ? simulator.Labels : null);
            if (Unlike([.. observed.Select(one => one.Row)], inputs) is { } strange) context.Note(strange);
            if (NoProbability.Told([.. observed.Select(one => one.Row)], inputs) is { } warning) context.Note(warning);
            if (observed.Exists(one => one.Sampled is not null))
                SamplingTable.Write(outputs.Sampling,
                    observed.Where(one => one.Sampled is not null).Select(one => (one.Row.Index, one.Row.Mask, one.Sampled!)),
                    simulator.Labels);
        }

        if (settings.Kl) pairs!.WriteDivergences(outputs.Kl);
        if (settings.Classify) pairs!.WriteClassification(outputs.Classification);
        if (outputs.Summary is { } summary) EvaluationSummary.Write(summary, observed, pairs);
        return RunEnd.Completed;
    }

    private static RunEnd Observe(
        EvaluateSettings settings, ISimulator simulator, IMarginalPosterior posterior, EvaluateInputs inputs, EvaluationOutputs outputs,
        ObservationRows samples, RunContext context, List<ObservationResult> results)
    {
        var source = MarginalSource.Of(settings, simulator, posterior, out var skipped) ?? throw NoMask(settings, inputs);
        Note(skipped, inputs, context);
        var compared = Compared(simulator, inputs, samples);
        var truths = settings.Accuracy ? new TruthSource(settings, simulator, outputs.TruthCache) : null;
        var progress = new PacedProgress(context, settings.Last - settings.First, "observations");
        // A partial observation cannot be saved, so stop and drain both interrupt it.
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(context.Stop, context.Drain);
        try
        {
            for (var row = settings.First; row < settings.Last;)
            {
                progress.Report(row - settings.First);
                leave.Token.ThrowIfCancellationRequested();
                var count = Math.Min(source.ObservationsAtOnce, settings.Last - row);
                var (theta, x, standardised) = samples.Read(row, count);
                var before = row - settings.First;
                var marginals = source.Evaluate(standardised, row, count, done => progress.Report(before + done), leave.Token);
                var (thetaSize, size) = (theta.Length / count, x.Length / count);
                for (var i = 0; i < count; i++)
                {
                    leave.Token.ThrowIfCancellationRequested();
                    var likeness = compared?.Of(x.AsSpan(i * size, size));
                    var truth = truths?.Of(x.AsSpan(i * size, size), row + i, marginals[i].Select(marginal => marginal.Histogram),
                        leave.Token);
                    foreach (var marginal in marginals[i])
                        results.Add(new(
                            Measure(settings, simulator, row + i, theta.AsSpan(i * thetaSize, thetaSize), marginal, truth) with
                            {
                                HasFreeFactor = posterior.HasFreeFactor,
                                Likeness = likeness,
                                // Chains and importance know the density up to a factor, and so make the total 1.
                                IsTotalMeasured = !posterior.HasFreeFactor && marginal.Sampled is null or { Way: "direct" },
                            },
                            marginal.Sampled));
                    foreach (var mask in source.Drawn) results.Add(new(new EvaluationRow(row + i, mask, null, null), null));
                    Export(settings, simulator, row + i, [.. marginals[i].Select(marginal => marginal.Histogram)], truth, outputs);
                }

                row += count;
            }
        }
        catch (OperationCanceledException) when (!context.Stop.IsCancellationRequested)
        {
            return RunEnd.Drained;
        }

        progress.Report(settings.Last - settings.First);
        return RunEnd.Completed;
    }

    /// <summary>What measured observations are compared with; null where they are simulated, or there is nothing to compare them
    /// with.</summary>
    private static Likeness? Compared(ISimulator simulator, EvaluateInputs inputs, ObservationRows samples) =>
        samples.HasTheta || inputs.Simulations is null ? null : Likeness.Of(simulator, inputs.Simulations);

    private static string? Unlike(IReadOnlyList<EvaluationRow> rows, EvaluateInputs inputs)
    {
        List<int> strange = [.. rows.Where(row => row.IsUnlike).Select(row => row.Index).Distinct()];
        return strange.Count == 0 ? null
            : $"{(strange.Count == 1 ? "row" : "rows")} {string.Join(", ", strange.Take(5))}{(strange.Count > 5 ? ", …" : "")} of " +
                $"'{inputs.Samples}' {(strange.Count == 1 ? "is" : "are")} unlike all simulations that model '{inputs.Model}' was " +
                "trained on: the posterior is a guess beyond them. Check units, order and preprocessing, or whether the simulator can produce it";
    }

    private static RunEnd TestPairs(
        EvaluateSettings settings, ISimulator simulator, IMarginalPosterior posterior, EvaluateInputs inputs, ObservationRows samples,
        RunContext context, out PairTests? tests)
    {
        tests = null;
        if (posterior is not IPairClassifier classifier)
            throw new InputException($"model '{inputs.Model}' cannot tell pairs apart: leave kl and classify out");
        if (posterior.HasFreeFactor)
            throw new InputException(
                $"model '{inputs.Model}' was trained with criterion NRE-B or on trials, which leaves its ratios a factor of each " +
                    "observation: " +
                "leave kl and classify out, or train with NRE-C");
        var masks = EvaluationMasks.Of(settings, simulator, classifier.Covers, out var skipped);
        if (masks.Count == 0) throw NoMask(settings, inputs);
        Note(skipped, inputs, context);
        var progress = new PacedProgress(context, samples.Rows, "pairs");
        var pairs = new PairTests(classifier, masks, samples.Rows, settings.Classify);
        for (var row = 0L; row < samples.Rows; row += settings.BatchSize)
        {
            progress.Report(row);
            if (context.Drain.IsCancellationRequested) return RunEnd.Drained;
            var count = (int)Math.Min(settings.BatchSize, samples.Rows - row);
            var (theta, _, standardised) = samples.Read(row, count);
            pairs.Add(theta, standardised, count);
        }

        progress.Report(samples.Rows);
        tests = pairs;
        return RunEnd.Completed;
    }

    private static EvaluationRow Measure(
        EvaluateSettings settings, ISimulator simulator, int index, ReadOnlySpan<float> theta, EstimatedMarginal marginal,
        IReadOnlyDictionary<ParameterMask, IHistogram>? truths)
    {
        var histogram = marginal.Histogram;
        var row = new EvaluationRow(index, histogram.Mask, marginal.Total, HistogramMeasures.Entropy(histogram.Masses));
        if (truths is not null)
        {
            var truth = truths[histogram.Mask];
            row = row with
            {
                EntropyTruth = HistogramMeasures.Entropy(truth.Masses),
                KlTruth = HistogramMeasures.Divergence(truth, histogram),
                EmdTruth = EarthMover.Between(settings, truth, histogram),
            };
        }

        return settings.HasPercentiles
            ? row with { Percentile = HistogramMeasures.Percentile(histogram.Masses, histogram.MassAt(simulator, theta)) } : row;
    }

    private static void Export(
        EvaluateSettings settings, ISimulator simulator, int index, IReadOnlyList<IHistogram> histograms,
        IReadOnlyDictionary<ParameterMask, IHistogram>? truths, EvaluationOutputs outputs)
    {
        if (settings.Consistency) ConsistencyMatrix.Write(outputs.Consistency(index), [.. histograms.OfType<Histogram>()], settings);
        if (settings.Clean) return;
        foreach (var histogram in histograms)
        {
            var logarithmic = CellAxis.Logarithmic(simulator, histogram.Mask);
            HistogramFile.Write(outputs.Histogram(index, histogram.Mask), histogram, logarithmic);
            if (truths is not null && outputs.Truth is { } path)
                HistogramFile.Write(path(index, histogram.Mask), truths[histogram.Mask], logarithmic);
        }
    }

    private static void CheckSamples(EvaluateSettings settings, EvaluateInputs inputs, ObservationRows samples)
    {
        if (settings.Last > samples.Rows)
            throw new InputException(
                $"samples file '{inputs.Samples}' has {samples.Rows} rows: observation rows end at {settings.Last}, ask for fewer");
        samples.NeedsTheta = settings.NeedsTheta;
        if (settings.NeedsTheta && !samples.HasTheta)
            throw new InputException($"samples file '{inputs.Samples}' has no 'theta': calibration, coverage, diagnostics, kl and " +
                "classify need the true parameters");
    }

    private static InputException NoMask(EvaluateSettings settings, EvaluateInputs inputs) =>
        new($"model '{inputs.Model}' was trained for none of the masks {string.Join(" ", settings.Masks)}: ask for others");

    private static void Note(IReadOnlyList<ParameterMask> skipped, EvaluateInputs inputs, RunContext context)
    {
        if (skipped.Count > 0)
            context.Note($"model '{inputs.Model}' was not trained for {(skipped.Count == 1 ? "mask" : "masks")} " +
                $"{string.Join(" ", skipped)}: skipped");
    }
}

/// <summary>What was found of one marginal of one observation.</summary>
/// <param name="Sampled">How it was sampled; null when it was laid on a grid.</param>
internal sealed record ObservationResult(EvaluationRow Row, SamplingReport? Sampled);
