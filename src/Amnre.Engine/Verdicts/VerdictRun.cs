using Amnre.Engine.ChainRule;
using Amnre.Engine.Draws;
using Amnre.Engine.Evaluation;
using Amnre.Engine.Inference;
using Amnre.Engine.Masks;
using Amnre.Engine.Observations;
using Amnre.Engine.SampleFiles;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Verdicts;

/// <summary>Judges a trained model by simulations that it has not seen, and its posteriors at observations.</summary>
public static class VerdictRun
{
    /// <summary>Reference posteriors compared at the most: each takes a classifier of its own.</summary>
    private const int MaxReferences = 5;

    /// <summary>Draws compared with reference draws.</summary>
    private const int Compared = 2000;

    /// <param name="settings">What is asked.</param>
    /// <param name="inputs">The files.</param>
    /// <param name="output">The report, <c>.json</c>.</param>
    /// <param name="context">Is told how far it is, and may stop it.</param>
    /// <exception cref="InputException">Invalid settings or files; nothing is written.</exception>
    /// <exception cref="OperationCanceledException">The run was told to stop; nothing is written.</exception>
    public static Verdict Run(VerdictSettings settings, VerdictInputs inputs, string output, RunContext context)
    {
        if (settings.Rows < VerdictRows.Least)
            throw new InputException($"{settings.Rows} rows tell nothing of calibration: ask for {VerdictRows.Least} or more");
        var limits = VerdictLimits.With(settings.Thresholds);
        using var inference = PosteriorInference.Open(inputs.Model, Simulator(settings, inputs), settings.Threads, settings.Device,
            settings.Combine is null ? [] : inputs.Ensemble, settings.Combine);
        var ensemble = new List<PosteriorInference>();
        try
        {
            // What is judged is compared with the others; an ensemble's members with one another.
            foreach (var member in settings.Combine is null ? inputs.Ensemble : [inputs.Model, .. inputs.Ensemble])
            {
                ensemble.Add(PosteriorInference.Open(member, Simulator(settings, inputs), settings.Threads, settings.Device));
                if (ensemble[^1].Simulator.Name != inference.Simulator.Name)
                    throw new InputException($"model '{member}' is of {ensemble[^1].Simulator.Name}, and '{inputs.Model}' of " +
                        $"{inference.Simulator.Name}: an ensemble is of models of one simulator");
            }

            var verdict = Judge(settings, inputs, inference, ensemble, limits, context);
            if (Path.GetDirectoryName(Path.GetFullPath(output)) is { } folder) Directory.CreateDirectory(folder);
            AtomicFile.WriteText(output, VerdictJson.Text(verdict, settings, inputs));
            return verdict;
        }
        finally
        {
            ensemble.ForEach(member => member.Dispose());
        }
    }

    private static string? Simulator(VerdictSettings settings, VerdictInputs inputs) =>
        inputs.Simulator ?? (settings.Simulator.Length > 0 ? settings.Simulator : null);

    private static Verdict Judge(
        VerdictSettings settings, VerdictInputs inputs, PosteriorInference inference, List<PosteriorInference> ensemble,
        IReadOnlyDictionary<VerdictCheck, CheckLimit> limits, RunContext context)
    {
        var simulator = inference.Simulator;
        var full = ParameterMask.Full(simulator.ThetaSize);
        if (!inference.Model.Covers(full))
            throw new InputException(
                $"model '{inputs.Model}' was not trained for all parameters together ({full}), which a verdict draws: train an AMNRE (arbitrary: true)");
        using var samples = ObservationRows.Open(inputs.Data, simulator);
        if (!samples.HasTheta)
            throw new InputException($"samples file '{inputs.Data}' has no 'theta': a verdict compares posteriors with true parameters");
        var rows = (int)Math.Min(samples.Rows, settings.Rows);
        if (rows < VerdictRows.Least)
            throw new InputException(
                $"samples file '{inputs.Data}' has {rows} rows: a verdict takes {VerdictRows.Least} or more that the model was not trained on");
        ModelMatch.Require(inference.Model, new EvaluateInputs(inputs.Model, inputs.Data), samples, context);
        // Validation errors of observations are found before the work.
        var (x, count) = inputs.Observations is { } file
            ? ObservationFile.Read(file, inputs.Key, simulator, inference.Model.TakesMissing)
            : ([], 0);
        var known = inputs.Reference ?? ReferenceDraws.Find(settings.Reference);
        var references = known is null ? [] : References(known, full, rows);

        samples.NeedsTheta = true;
        var (theta, _, standardised) = samples.Read(0, rows);
        if (inference.TrainedOn is { } trained && KnownRows.Of(trained, theta, simulator.ThetaSize) is > 0 and var seen)
            context.Note($"model '{inputs.Model}' was trained on {seen} of the {rows} rows of '{inputs.Data}': judged by rows that it " +
                "knows, it looks better than it is. Judge it by others");
        var measures = CalibrationMeasurement.Of(simulator, inference.Model, theta, standardised, settings.Seed, context);
        List<CheckResult> checks = [.. CalibrationChecks.Of(measures, limits)];
        var threads = settings.Threads > 0 ? settings.Threads : Environment.ProcessorCount;
        foreach (var (row, draws) in references.Take(MaxReferences))
        {
            var own = standardised.AsSpan(row * simulator.ObservationSize, simulator.ObservationSize).ToArray();
            var size = Math.Min(Compared, draws.Length / full.Count);
            var drawn = JointDraws.Of(
                new ObservedMarginals(simulator, inference.Model, own), full, size, settings.Seed, row, context);
            checks.Add(ObservationChecks.Reference(
                ClassifierTwoSampleTest.Accuracy(
                    draws.AsSpan(0, size * full.Count), drawn.Theta, full.Count, settings.Seed, threads, context.Stop), row, limits));
        }

        var (observed, last) = (new List<ObservationVerdict>(), settings.Last > 0 ? Math.Min(settings.Last, count) : count);
        // The simulator of a job simulates in the basis that its observations are written in.
        var predicting = inputs.Basis is { } basis ? ((IReducedBasisSimulator)simulator).WithBasis(basis) : simulator;
        var likeness = inputs.Simulations is { } simulations ? Likeness.Of(predicting, simulations) : inference.Likeness();
        for (var i = settings.First; i < last; i++)
        {
            float[] measured = [.. x.AsSpan(i * simulator.ObservationSize, simulator.ObservationSize)];
            var found = ObservationMeasurement.Of(
                predicting, inference.Model, [.. ensemble.Select(member => member.Model)], measured,
                [inference.Standardised(measured), .. ensemble.Select(member => member.Standardised(measured))], likeness, i,
                settings.Seed, context);
            observed.Add(new ObservationVerdict(i, [.. ObservationChecks.Of(found, limits)]));
        }

        return new Verdict(rows, checks, observed, CalibrationChecks.Informations(measures));
    }

    private static List<(int Row, float[] Draws)> References(string path, ParameterMask full, int rows)
    {
        var known = DrawsFile.Read(path, full)
            ?? throw new InputException($"draws '{path}' hold none of mask {full}: write them with amnre eval --draws, of all parameters");
        List<(int, float[])> taken = [.. known.Where(one => one.Key < rows).OrderBy(one => one.Key).Select(one => (one.Key, one.Value))];
        return taken.Count > 0
            ? taken
            : throw new InputException($"draws '{path}' are of none of the first {rows} rows: give draws of these, or ask for more --rows");
    }
}

/// <summary>The files that a verdict reads.</summary>
/// <param name="Model">Weights of a trained model (<c>.pth</c>) with their settings (<c>.json</c>) beside them.</param>
/// <param name="Data">A dataset of simulations with their true parameters, which the model was not trained on.</param>
/// <param name="Observations">Measured observations; null for none.</param>
/// <param name="Key">Which array of their file; null for <c>x</c>, or the only one.</param>
/// <param name="Reference">Draws that are known to be right, of rows of the dataset; null for none.</param>
/// <param name="Ensemble">Models that were trained alike.</param>
/// <param name="Simulator">A simulator instead of the one that the model's settings name.</param>
public sealed record VerdictInputs(
    string Model, string Data, string? Observations, string? Key, string? Reference, IReadOnlyList<string> Ensemble, string? Simulator)
{
    /// <summary>Whether the report says where the files lie. Reports of jobs do not: their bytes are the same in every store.</summary>
    public bool NamesFiles { get; init; } = true;

    /// <summary>Simulations that observations are compared with; null for those that the model's settings name.</summary>
    public string? Simulations { get; init; }

    /// <summary>The reduced basis that observations are written in; null for the simulator's own.</summary>
    public string? Basis { get; init; }
}
