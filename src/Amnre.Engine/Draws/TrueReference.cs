using System.Globalization;
using System.Text;
using Amnre.Engine.Evaluation;
using Amnre.Engine.Masks;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;
using Amnre.Engine.Truth;

namespace Amnre.Engine.Draws;

/// <summary>Reference draws from the true posteriors of observations, by the simulator's likelihood.</summary>
public static class TrueReference
{
    /// <summary>What settings write instead of a file.</summary>
    public const string Likelihood = EvaluateSettingsErrors.LikelihoodReference;

    /// <summary>Below this share of independent draws a reference is not trusted.</summary>
    private const double LeastWorth = 0.1;

    /// <summary>Why a simulator has none; null where it has.</summary>
    public static string? Error(ISimulator simulator) => TruePosterior.IsKnown(simulator)
        ? null
        : $"the likelihood of {simulator.PlainName} is not known, so there are no draws of its true posterior: give a file of reference " +
            "draws, or a simulator with a likelihood, in C# (ITractableSimulator) or as a program (likelihood: true in its manifest)";

    /// <summary>Draws as settings say, and writes both files.</summary>
    /// <param name="settings">What to draw.</param>
    /// <param name="simulator">Which has a likelihood.</param>
    /// <param name="samples">File of observations.</param>
    /// <param name="path">The file of draws, <c>.h5</c>.</param>
    /// <param name="quality">Table of what shows that the draws are right.</param>
    /// <param name="context">Observed and stopped by.</param>
    /// <returns>Number of observations.</returns>
    /// <exception cref="InputException">No likelihood, or a file that does not fit.</exception>
    public static int Write(
        TruthSettings settings, ISimulator simulator, string samples, string path, string quality, RunContext context) =>
        Write(simulator, samples, (settings.First, settings.Last), [.. settings.Masks.Select(ParameterMask.Parse)], settings.Draws,
            settings.Seed, settings.Threads, path, quality, context);

    /// <summary>Draws and writes them as <see cref="PosteriorDraws"/> are written.</summary>
    /// <param name="simulator">Which has a likelihood.</param>
    /// <param name="samples">File of observations.</param>
    /// <param name="range">Of which of them: the first, and the one after the last; null for all.</param>
    /// <param name="masks">Parameters of each dataset of the file; each holds parts of the same draws.</param>
    /// <param name="count">Draws of each observation.</param>
    /// <param name="seed">Names the draws.</param>
    /// <param name="threads">At most so many at once; the draws do not depend on it.</param>
    /// <param name="path">The file, <c>.h5</c> or <c>.csv</c>.</param>
    /// <param name="quality">Table of what shows that the draws are right, by observation; null for none.</param>
    /// <returns>Number of observations.</returns>
    /// <exception cref="InputException">No likelihood, a file that does not fit, or draws that cannot be trusted.</exception>
    /// <exception cref="OperationCanceledException">The run was told to stop.</exception>
    public static int Write(
        ISimulator simulator, string samples, (int First, int Last)? range, IReadOnlyList<ParameterMask> masks, int count, ulong seed,
        int threads, string path, string? quality, RunContext context)
    {
        if (Error(simulator) is { } error) throw new InputException(error);
        using var observations = ObservationRows.Open(samples, simulator);
        (int First, int Last) rows = range ?? (0, (int)Math.Min(observations.Rows, int.MaxValue));
        if (rows.Last > observations.Rows)
            throw new InputException(
                $"samples file '{samples}' has {observations.Rows} rows: observation rows end at {rows.Last}, ask for fewer");
        var (number, size) = (rows.Last - rows.First, simulator.ThetaSize);
        if ((long)number * count * size > Array.MaxLength)
            throw new InputException($"{number} observations with {count} draws each are more than can be held at once: ask for fewer");
        var (_, x, _) = observations.Read(rows.First, number);
        var parts = masks.Select(mask => (Mask: mask, Draws: new float[number * count * mask.Count])).ToList();
        var table = new StringBuilder("index,draws,split_rhat,effective_draws,log_evidence,log_evidence_error,sweeps\n");
        var progress = new PacedProgress(context, number, "true posteriors drawn from");
        for (var row = 0; row < number; row++)
        {
            progress.Report(row);
            var observed = x.AsSpan(row * simulator.ObservationSize, simulator.ObservationSize);
            var drawn = TruePosterior.Draws(simulator, observed, rows.First + row, count, seed, threads, context.Stop);
            Check(drawn, rows.First + row, count, context);
            table.Append(string.Create(CultureInfo.InvariantCulture,
                $"{rows.First + row},{count},{drawn.RHat:0.######},{drawn.EffectiveSize:0.#},{drawn.LogEvidence:0.####}," +
                $"{drawn.EvidenceError:0.####},{drawn.Sweeps}\n"));
            foreach (var (mask, draws) in parts)
            {
                int[] places = [.. mask.Indices()];
                var target = draws.AsSpan(row * count * places.Length, count * places.Length);
                for (var i = 0; i < target.Length; i++) target[i] = drawn.Theta[i / places.Length * size + places[i % places.Length]];
            }
        }

        progress.Report(number);
        DrawsFile.Write(new PosteriorDraws
        {
            Rows = [.. Enumerable.Range(rows.First, number)],
            Count = count,
            Labels = simulator.Labels,
            Masks = [.. parts],
            Observed = x,
        }, path);
        if (quality is not null) AtomicFile.Write(quality, stream => stream.Write(Encoding.UTF8.GetBytes(table.ToString())));
        return number;
    }

    private static void Check(TrueDraws drawn, int row, int count, RunContext context)
    {
        if (drawn.RHat <= TrueDraws.MaxRHat && drawn.EffectiveSize >= LeastWorth * count) return;
        context.Note(string.Create(CultureInfo.InvariantCulture,
            $"reference draws of observation row {row} are not to be trusted: independent populations agree to a split R-hat of " +
            $"{drawn.RHat:0.###} (at most {TrueDraws.MaxRHat} where they do), and {count} draws are worth {drawn.EffectiveSize:0}. " +
            $"The posterior has modes that steps do not lead between, or is very narrow"));
    }
}
