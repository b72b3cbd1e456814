using Amnre.Engine.ChainRule;
using Amnre.Engine.Evaluation;
using Amnre.Engine.Inference;
using Amnre.Engine.Masks;
using Amnre.Engine.Posteriors;
using Amnre.Engine.Sampling;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Draws;

/// <summary>Posterior samples for several observations, equally many for each.</summary>
public sealed class PosteriorDraws
{
    /// <summary>The rows' numbers in their dataset.</summary>
    public required IReadOnlyList<int> Rows { get; init; }

    /// <summary>Draws of each posterior.</summary>
    public required int Count { get; init; }

    /// <summary>For each mask (rows, count, |mask|).</summary>
    public required IReadOnlyList<(ParameterMask Mask, float[] Draws)> Masks { get; init; }

    /// <summary>Names of all parameters; empty where they are not known.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Names of all parameters: <c>theta_0</c> and so on where they are not known.</summary>
    internal IReadOnlyList<string> Names =>
        Labels.Count > 0 ? Labels : [.. Enumerable.Range(0, Masks[0].Mask.Size).Select(place => $"theta_{place}")];

    /// <summary>How the draws of each row and mask were made, and what they are worth.</summary>
    internal IReadOnlyList<(int Row, ParameterMask Mask, SamplingReport Report)> Reports { get; init; } = [];

    /// <summary>By number of parameters, of how many independent draws the draws of the worst posterior are worth.</summary>
    public IReadOnlyDictionary<int, double> Worth => Reports.GroupBy(one => one.Mask.Count).OrderBy(group => group.Key)
        .ToDictionary(group => group.Key, group => group.Min(one => one.Report.EffectiveSize));

    /// <summary>True parameters (rows, D); null where they are not known.</summary>
    public float[]? Theta { get; init; }

    /// <summary>The observations (rows, observation size), as measured.</summary>
    public float[] Observed { get; init; } = [];

    /// <summary>Observations simulated from the draws of all parameters, (rows, count, observation shape); null where none were.</summary>
    public (float[] X, IReadOnlyList<int> Shape)? Predicted { get; init; }

    /// <summary>Draws of each row of the settings and each of their masks that the model was trained for: by the chain rule where the model
    /// has the marginals that it takes, directly where it can, else by chains whose length follows from the draws; or by importance where
    /// that is asked for.</summary>
    /// <param name="count">Draws of each posterior.</param>
    /// <exception cref="InputException">Invalid settings or files, or a model whose draws fall outside the prior.</exception>
    /// <exception cref="OperationCanceledException">The run was told to stop.</exception>
    public static PosteriorDraws Of(
        EvaluateSettings settings, ISimulator simulator, IMarginalPosterior posterior, EvaluateInputs inputs, int count, RunContext context)
    {
        EvaluateSettingsErrors.Of(settings, simulator).ThrowIfAny("draws");
        using var samples = ObservationRows.Open(inputs.Samples, simulator);
        ModelMatch.Require(posterior, inputs, samples, context);
        var masks = EvaluationMasks.Of(settings, simulator, posterior.Covers, out _);
        if (masks.Count == 0)
            throw new InputException(
                $"model '{inputs.Model}' was trained for none of the masks {string.Join(" ", settings.Masks)}: ask for others");
        var rows = settings.Last - settings.First;
        CheckLength((long)rows * count, masks.Max(mask => mask.Count));
        var (theta, measured, x) = samples.Read(settings.First, rows);
        var found = masks.Select(mask => (Mask: mask, Draws: new float[rows * count * mask.Count])).ToList();
        var (probe, drawn) = (new ProbabilityProbe(settings, simulator, posterior, masks), new List<int>());
        var progress = new PacedProgress(context, rows, "observations drawn from");
        var (within, disagreeing) = (context, 0);
        var (reports, warned) = (new List<(int, ParameterMask, SamplingReport)>(), new Dictionary<string, int>());
        for (var row = 0; row < rows; row++)
        {
            progress.Report(row);
            within = context with { Progress = progress.Within(row), Note = _ => disagreeing++ };
            var observed = x.AsSpan(row * simulator.ObservationSize, simulator.ObservationSize).ToArray();
            if ((probe.Error(observed) ?? Fill(row, observed)) is { } unlikely)
            {
                context.Note($"of observation row {settings.First + row} of '{inputs.Samples}' no draws are made: {unlikely}");
                continue;
            }

            drawn.Add(row);
        }

        progress.Report(rows);
        if (disagreeing > 0)
            context.Note($"of {disagreeing} of the {rows * masks.Count} posteriors the model's marginals disagree with one another: " +
                "chains drew them instead of the chain rule");
        foreach (var (warning, posteriors) in warned)
            context.Note($"of {posteriors} of the {rows * masks.Count} posteriors {warning}");
        if (drawn.Count == 0)
            throw new InputException($"model '{inputs.Model}' gives no probability to any of the {rows} observations of " +
                $"'{inputs.Samples}', so there are no draws: give observations of its simulator, or train it longer");
        return new PosteriorDraws
        {
            Rows = [.. drawn.Select(row => settings.First + row)],
            Count = count,
            Labels = simulator.Labels,
            Reports = reports,
            Masks = [.. found.Select(one => (one.Mask, one.Draws[..(drawn.Count * count * one.Mask.Count)]))],
            Theta = samples.HasTheta ? Taken(theta, simulator.ThetaSize) : null,
            Observed = Taken(measured, simulator.ObservationSize),
        };

        float[] Taken(float[] values, int size) => [.. drawn.SelectMany(row => values[(row * size)..((row + 1) * size)])];

        // Into the place after those that were drawn from; null when it could be.
        string? Fill(int row, float[] observed)
        {
            var own = new List<(int, ParameterMask, SamplingReport)>();
            try
            {
                foreach (var (mask, draws) in found)
                {
                    var size = count * mask.Count;
                    var (report, warning) = PosteriorDraws.Fill(settings, simulator, posterior, mask, observed, settings.First + row,
                        draws.AsMemory(drawn.Count * size, size), within);
                    own.Add((settings.First + row, mask, report));
                    // One note for all of a kind.
                    if (warning?.Split(" (")[0] is { } kind) warned[kind] = warned.GetValueOrDefault(kind) + 1;
                }

                reports.AddRange(own);
                return null;
            }
            catch (NoDrawsException none)
            {
                return none.Message;
            }
        }
    }

    /// <summary>Checks before the work that what draws of these settings predict can be simulated.</summary>
    /// <exception cref="InputException">There would be no draws of all parameters.</exception>
    internal static void CheckPredictable(EvaluateSettings settings, ISimulator simulator, IMarginalPosterior posterior)
    {
        var full = ParameterMask.Full(simulator.ThetaSize);
        if (!EvaluationMasks.Of(settings, simulator, posterior.Covers, out _).Contains(full))
            throw new InputException(
                $"predictive simulates from draws of all parameters: ask for mask {full} in masks, and of a model that has it");
    }

    /// <summary>Checks that enough observations could be drawn from.</summary>
    /// <exception cref="InputException">Too few.</exception>
    internal void CheckDiagnosable()
    {
        if (Rows.Count < EvaluateSettings.FewestDiagnosed)
            throw new InputException($"only {Rows.Count} observations could be drawn from, which say nothing about calibration: give " +
                $"more rows, so that there are at least {EvaluateSettings.FewestDiagnosed}, or train the model longer");
    }

    /// <summary>The same draws with what they predict: an observation simulated from each draw of all parameters.</summary>
    /// <param name="simulator">An <see cref="IConditionalSimulator"/>.</param>
    /// <param name="seed">Names the simulations.</param>
    /// <param name="stop">Checked at each observation.</param>
    public PosteriorDraws Predict(ISimulator simulator, ulong seed, CancellationToken stop)
    {
        var (conditional, full) = ((IConditionalSimulator)simulator, ParameterMask.Full(simulator.ThetaSize));
        var theta = Masks.First(pair => pair.Mask == full).Draws;
        CheckLength((long)Rows.Count * Count, simulator.ObservationSize);
        var x = new float[Rows.Count * Count * simulator.ObservationSize];
        for (var row = 0; row < Rows.Count; row++)
        {
            stop.ThrowIfCancellationRequested();
            var (from, size) = (row * Count, simulator.ObservationSize);
            conditional.Observe(
                seed, (long)Rows[row] * Count, theta.AsSpan(from * full.Count, Count * full.Count), x.AsSpan(from * size, Count * size));
        }

        return new PosteriorDraws
        {
            Rows = Rows,
            Count = Count,
            Labels = Labels,
            Masks = Masks,
            Reports = Reports,
            Theta = Theta,
            Observed = Observed,
            Predicted = (x, simulator.ObservationShape),
        };
    }

    /// <summary>Writes the draws in the format that the path's ending names, <see cref="DrawsFile"/>.</summary>
    public void Write(string path) => DrawsFile.Write(this, path);

    private static void CheckLength(long draws, int size)
    {
        if (draws * size > Array.MaxLength)
            throw new InputException($"{draws} draws of {size} values are more than can be held at once: take fewer rows with --indices, " +
                "or fewer draws of each");
    }

    /// <summary>Draws of one posterior.</summary>
    /// <returns>How they were made, and what is wrong with them.</returns>
    private static (SamplingReport Report, string? Warning) Fill(
        EvaluateSettings settings, ISimulator simulator, IMarginalPosterior posterior, ParameterMask mask, float[] x, int observation,
        Memory<float> draws, RunContext context)
    {
        var (size, filled, worth) = (mask.Count, 0, 0.0);
        var count = draws.Length / size;
        if (settings.Sampling != SamplingMethod.Importance || posterior is IDirectPosterior { DrawsDirectly: true })
        {
            var joint = JointDraws.Of(
                new ObservedMarginals(simulator, posterior, x), mask, count, settings.Seed, observation, context);
            joint.Theta.CopyTo(draws);
            return (new SamplingReport(joint.Way, count, 1, joint.EffectiveSize, null), joint.Warning);
        }

        for (var round = 0; filled < draws.Length; round++)
        {
            var chains = new ChainSettings
            {
                Chains = Math.Max(4, settings.BatchSize / 2 * 2),
                Steps = settings.Steps,
                Burn = settings.Burn,
                Seed = settings.Seed + (ulong)round,
            };
            worth += ImportanceResampling.Draw(simulator, posterior, mask, x, chains, (ulong)observation, Take, context.Stop).EffectiveSize;
        }

        return (new SamplingReport("importance", count, 1, Math.Min(count, worth), null), null);

        void Take(ReadOnlySpan<float> theta)
        {
            var part = theta[..Math.Min(theta.Length, draws.Length - filled)];
            part.CopyTo(draws.Span[filled..]);
            filled += part.Length;
        }
    }
}
