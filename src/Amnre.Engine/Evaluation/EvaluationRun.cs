using Amnre.Engine.Datasets;
using Amnre.Engine.Estimators;
using Amnre.Engine.Masks;
using Amnre.Engine.Simulators;
using Amnre.Engine.Truth;

namespace Amnre.Engine.Evaluation;

/// <summary>Measures a trained estimator on observations of a dataset.</summary>
public static class EvaluationRun
{
    /// <summary>Evaluates and writes <c>table.csv</c>, <c>summary.json</c> and what else the settings ask for.</summary>
    /// <exception cref="InputException">Faulty settings, a samples file that does not fit, or no mask that the estimator covers.</exception>
    /// <exception cref="OperationCanceledException">The run was told to stop.</exception>
    public static RunEnd Run(
        EvaluateSettings settings, ISimulator simulator, IMarginalPosterior posterior, EvaluateInputs inputs,
        string outputDirectory, RunContext context)
    {
        EvaluateSettingsFaults.Of(settings, simulator).ThrowIfAny("evaluation");
        using var samples = SampleSet.Open(inputs.Samples);
        CheckSamples(settings, simulator, inputs, samples);
        var marginals = MarginalSource.Of(settings, simulator, posterior)
            ?? throw new InputException($"model '{inputs.Model}' was trained for none of the masks {string.Join(" ", settings.Masks)}: ask for others");
        var progress = new PacedProgress(context, settings.Last - settings.First, "observations");
        var rows = new List<EvaluationRow>();
        // Half an observation cannot be kept, so both wishes end one at once.
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(context.Stop, context.Drain);
        for (var row = settings.First; row < settings.Last;)
        {
            progress.Report(row - settings.First);
            if (context.Drain.IsCancellationRequested) return RunEnd.Drained;
            var count = Math.Min(marginals.ObservationsAtOnce, settings.Last - row);
            try
            {
                rows.AddRange(Evaluate(settings, simulator, marginals, samples, row, count, outputDirectory, leave.Token));
            }
            catch (OperationCanceledException) when (!context.Stop.IsCancellationRequested)
            {
                return RunEnd.Drained;
            }

            row += count;
        }

        EvaluationTable.Write(Path.Combine(outputDirectory, "table.csv"), rows, settings);
        EvaluationSummary.Write(Path.Combine(outputDirectory, "summary.json"), rows);
        progress.Report(settings.Last - settings.First);
        return RunEnd.Completed;
    }

    private static List<EvaluationRow> Evaluate(
        EvaluateSettings settings, ISimulator simulator, MarginalSource source, SampleSet samples,
        int first, int count, string outputDirectory, CancellationToken stop)
    {
        var theta = new float[count * samples.ThetaSize];
        var x = new float[count * simulator.ObservationSize];
        samples.Read(first, theta, x);
        // The truth is about x as simulated, the estimate about x as the network was trained on it.
        var standardized = x.AsSpan().ToArray();
        samples.Standardize(standardized);
        var marginals = source.Evaluate(standardized, first, count, stop);
        var rows = new List<EvaluationRow>();
        for (var i = 0; i < count; i++)
        {
            stop.ThrowIfCancellationRequested();
            var observation = new Observation(
                first + i, theta.AsMemory(i * samples.ThetaSize, samples.ThetaSize),
                settings.Accuracy ? TruePosterior.Marginals(simulator, x.AsSpan(i * simulator.ObservationSize, simulator.ObservationSize), settings.Bins) : null);
            foreach (var (histogram, total) in marginals[i]) rows.Add(Measure(settings, simulator, observation, histogram, total));
            Export(settings, observation, [.. marginals[i].Select(marginal => marginal.Histogram)], outputDirectory);
        }

        return rows;
    }

    private static EvaluationRow Measure(
        EvaluateSettings settings, ISimulator simulator, Observation observation, Histogram histogram, double total)
    {
        var row = new EvaluationRow(observation.Index, histogram.Mask, total, HistogramMeasures.Entropy(histogram.Values));
        if (observation.Truth is { } truths)
        {
            var truth = truths[histogram.Mask];
            row = row with
            {
                EntropyTruth = HistogramMeasures.Entropy(truth.Values),
                KlTruth = HistogramMeasures.Divergence(truth.Values, histogram.Values),
                EmdTruth = histogram.Values.Length <= settings.EmdLimit
                    ? EntropicTransport.Distance(truth.Values, histogram.Values, histogram.Mask.Count, histogram.Bins)
                    : null,
            };
        }

        return settings.Calibration
            ? row with { Percentile = HistogramMeasures.Percentile(histogram.Values, histogram.CellOf(simulator, observation.Theta.Span)) }
            : row;
    }

    private static void Export(
        EvaluateSettings settings, Observation observation, IReadOnlyList<Histogram> histograms, string outputDirectory)
    {
        if (settings.Consistency)
            ConsistencyMatrix.Write(Path.Combine(outputDirectory, $"consistency_{observation.Index}.csv"), histograms);
        if (settings.Clean) return;
        foreach (var histogram in histograms)
        {
            var name = HistogramFile.NameOf(observation.Index, histogram.Mask);
            HistogramFile.Write(Path.Combine(outputDirectory, "histograms", name), histogram);
            if (observation.Truth is { } truths)
                HistogramFile.Write(Path.Combine(outputDirectory, "truth", name), truths[histogram.Mask]);
        }
    }

    private static void CheckSamples(EvaluateSettings settings, ISimulator simulator, EvaluateInputs inputs, SampleSet samples)
    {
        if (samples.ObservationShape.Aggregate(1, (a, b) => a * b) != simulator.ObservationSize)
            throw new InputException(
                $"samples file '{inputs.Samples}': observations of shape ({string.Join(", ", samples.ObservationShape)}) are not those of {simulator.Name}");
        if (settings.Last > samples.Rows)
            throw new InputException($"samples file '{inputs.Samples}' has {samples.Rows} rows: observation rows end at {settings.Last}, ask for fewer");
        if (settings.Calibration && samples.ThetaSize != simulator.ThetaSize)
            throw new InputException($"samples file '{inputs.Samples}': calibration needs 'theta' with {simulator.ThetaSize} parameters");
    }

    /// <summary>An observation with what is known of it.</summary>
    private sealed record Observation(int Index, ReadOnlyMemory<float> Theta, IReadOnlyDictionary<ParameterMask, Histogram>? Truth);
}
