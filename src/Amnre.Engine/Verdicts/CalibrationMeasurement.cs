using Amnre.Engine.ChainRule;
using Amnre.Engine.Evaluation;
using Amnre.Engine.Masks;
using Amnre.Engine.Posteriors;
using Amnre.Engine.Randomness;
using Amnre.Engine.Sampling;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Verdicts;

/// <summary>Measures a model on rows whose true parameters are known: all parameters together and each alone on every row, pairs in
/// turn, one on each row.</summary>
internal sealed class CalibrationMeasurement
{
    /// <summary>Of each posterior: enough for ranks, whose noise is that of the number of rows.</summary>
    private const int Draws = 63;

    /// <summary>Rows that chains draw from because nested marginals disagree; further ones are left out.</summary>
    private const int MaxChains = 8;

    private readonly ISimulator _simulator;
    private readonly FiniteWatch _posterior;
    private readonly ulong _seed;
    private readonly ParameterMask _full;
    private readonly ParameterMask[] _singles, _pairs;
    private readonly CalibrationMeasures _measures;
    private readonly List<float> _theta = [], _x = [], _draws = [];

    private CalibrationMeasurement(ISimulator simulator, IMarginalPosterior posterior, int rows, ulong seed)
    {
        (_simulator, _posterior, _seed) = (simulator, new FiniteWatch(posterior), seed);
        var size = simulator.ThetaSize;
        _full = ParameterMask.Full(size);
        _singles = [.. Enumerable.Range(0, size).Select(i => new ParameterMask(1u << i, size))
            .Where(mask => size > 1 && posterior.Covers(mask))];
        _pairs = [.. Enumerable.Range(0, size)
            .SelectMany(j => Enumerable.Range(0, j).Select(i => new ParameterMask(1u << i | 1u << j, size)))
            .Where(mask => size > 2 && posterior.Covers(mask))];
        _measures = new CalibrationMeasures { Rows = rows, Labels = simulator.Labels };
    }

    /// <param name="simulator">Gives the prior.</param>
    /// <param name="posterior">The model.</param>
    /// <param name="theta">True parameters (n, D).</param>
    /// <param name="x">Observations (n, observation size), as the model takes them.</param>
    /// <param name="seed">Names the draws.</param>
    /// <param name="context">Is told how far it is, and may stop it.</param>
    public static CalibrationMeasures Of(
        ISimulator simulator, IMarginalPosterior posterior, float[] theta, float[] x, ulong seed, RunContext context)
    {
        var (size, width) = (simulator.ThetaSize, simulator.ObservationSize);
        var measurement = new CalibrationMeasurement(simulator, posterior, theta.Length / size, seed);
        var rows = theta.Length / size;
        var progress = new PacedProgress(context, rows, "observations checked");
        // One row's draws say nothing of how far the rows are.
        var within = RunContext.Unwatched(context.Stop);
        for (var row = 0; row < rows; row++)
        {
            progress.Report(row);
            context.Stop.ThrowIfCancellationRequested();
            measurement.Measure(row, theta.AsSpan(row * size, size).ToArray(), x.AsSpan(row * width, width).ToArray(), within);
        }

        progress.Report(rows);
        if (measurement._theta.Count >= VerdictRows.Least * size)
            ReferencePoints.Add(
                measurement._measures, [.. measurement._theta], [.. measurement._x], [.. measurement._draws], seed);
        measurement._measures.Densities = measurement._posterior.Counted;
        return measurement._measures;
    }

    private void Measure(int row, float[] theta, float[] x, RunContext context)
    {
        var known = new ObservedMarginals(_simulator, _posterior, x);
        var marginals = _singles.ToDictionary(mask => mask, mask => known.Points(mask.Indices()[0])!);
        if (marginals.Values.Any(marginal => NoProbability.Is(marginal.Total, _posterior.HasFreeFactor)))
        {
            _measures.Undrawn++;
            return;
        }

        RowDraws? joint, pair = null;
        var turn = _pairs.Length > 0 ? _pairs[row % _pairs.Length] : default;
        // Enough of them fail the verdict, whatever else is found.
        var patient = _measures.Disagreeing < MaxChains;
        try
        {
            joint = RowDraws.Of(known, _full, Draws, _seed, row, patient, context);
            if (_pairs.Length > 0) pair = RowDraws.Of(known, turn, Draws, _seed, row, patient, context);
        }
        catch (NoDrawsException)
        {
            _measures.Undrawn++;
            return;
        }

        if (joint is null || _pairs.Length > 0 && pair is null)
        {
            _measures.Disagreeing++;
            return;
        }

        if (joint.Disagreeing || pair is { Disagreeing: true }) _measures.Disagreeing++;
        var random = new CounterRandom(_seed, RandomPurpose.Verdicts, (ulong)row << 32 | 1u << 31);
        foreach (var (mask, marginal) in marginals) AddSingle(mask, marginal, theta, x, joint);
        AddJoint(_full, joint, theta, x, ref random);
        for (var d = 0; d < theta.Length; d++)
        {
            var below = 0;
            for (var at = d; at < joint.Theta.Length; at += theta.Length)
                if (joint.Theta[at] < theta[d]) below++;
            CalibrationMeasures.Add(_measures.Ranks, (d, true), TruthRank.Of(below, Draws, random.NextDouble()));
        }

        if (pair is not null)
        {
            AddJoint(turn, pair, theta, x, ref random);
            AddPairShift(turn, pair, joint, x, ref random);
        }

        _theta.AddRange(theta);
        _x.AddRange(x);
        _draws.AddRange(joint.Theta);
    }

    private void AddSingle(ParameterMask mask, MarginalPoints marginal, float[] theta, float[] x, RowDraws joint)
    {
        var parameter = mask.Indices()[0];
        var log = LogDensity(mask, theta, x);
        AddTotal(mask, log, Math.Log(marginal.Total), theta);
        CalibrationMeasures.Add(_measures.Credibilities, mask, TruthRank.Credibility(marginal, log - Math.Log(marginal.Total)));
        CalibrationMeasures.Add(_measures.Ranks, (parameter, false), marginal.Below(theta[parameter]));
        double[] places = [.. Enumerable.Range(0, Draws)
            .Select(draw => marginal.Below(joint.Theta[draw * theta.Length + parameter]))];
        AddShift(mask, places, 1 / joint.EffectiveSize);
    }

    private void AddJoint(ParameterMask mask, RowDraws draws, float[] theta, float[] x, ref CounterRandom random)
    {
        var log = LogDensity(mask, theta, x);
        var higher = draws.LogDensity.Count(density => density > log);
        CalibrationMeasures.Add(_measures.Credibilities, mask, TruthRank.Of(higher, Draws, random.NextDouble()));
        AddTotal(mask, log, draws.LogTotal, theta);
    }

    /// <summary>The ratio at the truth; and the total, or without its free factor the ratio divided by the total.</summary>
    /// <param name="log">ln of the density.</param>
    /// <param name="total">ln of the total probability; null where it is not known.</param>
    private void AddTotal(ParameterMask mask, double log, double? total, float[] theta)
    {
        var ratio = log - _simulator.LogPrior(mask, MaskedRows.Of(mask, theta));
        if (!_posterior.HasFreeFactor)
        {
            CalibrationMeasures.Add(_measures.LogRatios, mask, ratio);
            if (total is { } known) CalibrationMeasures.Add(_measures.LogTotals, mask, known);
        }
        else if (total is { } factor) CalibrationMeasures.Add(_measures.LogRatios, mask, ratio - factor);
    }

    private void AddPairShift(ParameterMask mask, RowDraws pair, RowDraws joint, float[] x, ref CounterRandom random)
    {
        var logs = new float[Draws];
        _posterior.LogDensity(mask, x, MaskedRows.Of(mask, joint.Theta), logs);
        var places = new double[Draws];
        for (var draw = 0; draw < Draws; draw++)
            places[draw] = TruthRank.Of(pair.LogDensity.Count(density => density > logs[draw]), Draws, random.NextDouble());
        AddShift(mask, places, 1 / joint.EffectiveSize + 1 / pair.EffectiveSize);
    }

    private void AddShift(ParameterMask mask, double[] places, double inverseSize) =>
        CalibrationMeasures.Add(_measures.Shifts, mask,
            (places.Average() - 0.5, places.Average(u => Math.Abs(2 * u - 1)) - 0.5, (inverseSize + 1.0 / Draws) / 12));

    private double LogDensity(ParameterMask mask, float[] theta, float[] x)
    {
        var log = new float[1];
        _posterior.LogDensity(mask, x, MaskedRows.Of(mask, theta), log);
        return float.IsNaN(log[0]) ? double.NegativeInfinity : log[0];
    }
}
