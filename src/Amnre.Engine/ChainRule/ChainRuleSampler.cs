using Amnre.Engine.Masks;
using Amnre.Engine.Posteriors;
using Amnre.Engine.Randomness;
using Amnre.Engine.Sampling;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.ChainRule;

/// <summary>Draws the parameters of an estimate one after the other, p(θ_i | θ_&lt;i, x) ∝ p(θ_≤i | x), from the marginals of every
/// beginning of an order: without chains and their burn-in. What the marginals' disagreement and the finite grids leave is corrected by
/// weights to the joint asked for.</summary>
/// <remarks>Each draw has a grid of its own for each parameter: first where the parameter's marginal has its mass, then where the draw's
/// own conditional has it. The first parameter's is shared. The first <see cref="PilotDraws"/> tell the others where conditionals have
/// their mass and how many knots show it, so that these need fewer. Draw i is a function of (seed, observation, i) alone.</remarks>
internal sealed class ChainRuleSampler
{
    /// <summary>Draws whose grids are evaluated at once.</summary>
    private const int Block = 4096;

    private readonly ISimulator _simulator;
    private readonly IMarginalPosterior _posterior;
    private readonly ParameterMask _mask;
    private readonly ChainRuleGrid _grid;
    private readonly int[] _order;
    private readonly float[] _x;
    private readonly PriorQuantiles[] _priors;
    private readonly KnotQuantiles[] _starts;
    private readonly GridLayout _every;
    private PilotDraws? _pilot;

    /// <summary>Evaluations of the estimate so far, apart from the marginals that all draws share.</summary>
    public long Evaluations { get; private set; }

    private ChainRuleSampler(ObservedMarginals marginals, ParameterMask mask, ChainRuleGrid grid, int[] order)
    {
        (_simulator, _posterior, _x) = (marginals.Simulator, marginals.Posterior, marginals.X);
        (_mask, _grid, _order, _every) = (mask, grid, order, new GridLayout(null, grid.Rounds));
        _priors = [.. Enumerable.Range(0, mask.Size)
            .Select(parameter => mask[parameter] ? PriorQuantiles.Of(_simulator, parameter) : null!)];
        _starts = [.. order.Select(parameter => new KnotQuantiles(Start(marginals.Knots(parameter))))];
    }

    /// <param name="marginals">The estimate at the observation.</param>
    /// <param name="mask">The parameters drawn together.</param>
    /// <param name="grid">How fine.</param>
    /// <returns>Null when the estimator lacks the marginals that it takes.</returns>
    public static ChainRuleSampler? Of(ObservedMarginals marginals, ParameterMask mask, ChainRuleGrid grid) =>
        NestedOrder.Find(marginals.Posterior, mask, mask.Indices()) is { } order
        ? new ChainRuleSampler(marginals, mask, grid, order)
        : null;

    /// <param name="from">Number of the first draw.</param>
    /// <param name="count">Draws.</param>
    /// <param name="seed">Names the random numbers.</param>
    /// <param name="observation">Index of the observation.</param>
    /// <param name="context">Receives how many are drawn, and may stop it.</param>
    /// <returns>The draws (count, |mask|), and the logarithms of their weights up to a constant; −∞ outside the prior's support.</returns>
    public (float[] Theta, float[] LogWeights) Draw(int from, int count, ulong seed, ulong observation, RunContext context)
    {
        var (theta, weights) = (new float[count * _mask.Count], new float[count]);
        var pilot = from + count > PilotDraws.Half ? Pilot(seed, observation, context.Stop) : null;
        for (var first = 0; first < count;)
        {
            var (known, rows) = (pilot?.Count - from - first ?? 0, Math.Min(Block, count - first));
            if (known > 0) rows = Math.Min(rows, known);
            var part = theta.AsSpan(first * _mask.Count, rows * _mask.Count);
            var logs = weights.AsSpan(first, rows);
            if (known > 0)
            {
                pilot!.Theta.AsSpan((from + first) * _mask.Count, rows * _mask.Count).CopyTo(part);
                pilot.LogWeights.AsSpan(from + first, rows).CopyTo(logs);
            }
            else
                DrawBlock(
                    pilot?.Layout ?? _every, seed, Index(observation, from + first), new double[rows * _order.Length], null, part, logs,
                    context.Stop);

            first += rows;
            context.Progress.Report(new RunProgress(from + first, from + count, "draws"));
        }

        return (theta, weights);
    }

    private static ulong Index(ulong observation, int draw) => observation << 32 | (uint)draw;

    private PilotDraws Pilot(ulong seed, ulong observation, CancellationToken stop)
    {
        if (_pilot is not { } known || known.Seed != seed || known.Observation != observation)
            _pilot = PilotDraws.Of(
                seed, observation, _every, _order.Length,
                (layout, first, us, fewer, theta, logs) =>
                    DrawBlock(layout, seed, Index(observation, first), us, fewer, theta, logs, stop));
        return _pilot;
    }

    /// <param name="layout">Of the grids.</param>
    /// <param name="seed">Names the random numbers.</param>
    /// <param name="index">Of the first draw.</param>
    /// <param name="us">Receives the draws as probabilities of their priors, in the order of drawing.</param>
    /// <param name="fewer">Learns what fewer rounds would have lost; null where nobody asks.</param>
    /// <param name="theta">Receives the draws.</param>
    /// <param name="logWeights">Receives their weights.</param>
    /// <param name="stop">Checked at each parameter.</param>
    private void DrawBlock(
        GridLayout layout, ulong seed, ulong index, double[] us, FewerRounds? fewer, Span<float> theta, Span<float> logWeights,
        CancellationToken stop)
    {
        var rows = logWeights.Length;
        var drawn = new float[rows * _order.Length];
        var logs = new double[rows];
        var known = 0u;
        for (var step = 0; step < _order.Length; step++)
        {
            stop.ThrowIfCancellationRequested();
            var parameter = _order[step];
            known |= 1u << parameter;
            var prior = _priors[parameter];
            var grids = step == 0 ? null
                : Conditionals(layout, new ParameterMask(known, _mask.Size), step, drawn, us, rows, fewer);
            for (var row = 0; row < rows; row++)
            {
                // A word of its own for each step, whatever the number of rows.
                var random = new CounterRandom(seed, RandomPurpose.ChainRule, index + (ulong)row);
                var uniform = 0.0;
                for (var skip = 0; skip <= step; skip++) uniform = random.NextDouble();
                var (u, log) = (grids is null ? _starts[0] : new KnotQuantiles(grids[row])).Of(uniform);
                us[row * _order.Length + step] = u;
                drawn[row * _order.Length + step] = prior.Theta(u);
                logs[row] += log + Math.Log(prior.Slope(u));
                if (grids is not null) fewer?.Drawn(row, u, log);
            }
        }

        Gather(new ParameterMask(known, _mask.Size), _order.Length, drawn, rows, theta);
        _posterior.LogDensity(_mask, _x, theta, logWeights);
        Evaluations += rows;
        ChainStart.Truncate(_simulator, _mask, theta, logWeights);
        for (var row = 0; row < rows; row++) logWeights[row] = (float)(logWeights[row] - logs[row]);
    }

    /// <summary>Of each row, the density of the parameter drawn at <paramref name="step"/> given those drawn before it.</summary>
    private KnotDensity[] Conditionals(
        GridLayout layout, ParameterMask mask, int step, float[] drawn, double[] us, int rows, FewerRounds? fewer)
    {
        var guide = layout.Guide;
        var (each, grids, prior) = (guide is null ? _grid.First : ConditionalGuide.Knots, new KnotDensity[rows], _priors[_order[step]]);
        for (var row = 0; row < rows; row++) grids[row] = new KnotDensity(each + _grid.More * _grid.Rounds + 2);
        var knots = new double[rows * Math.Max(each, _grid.More)];
        if (guide is null)
        {
            // Where the parameter's marginal has its mass, the ends of the prior included.
            var first = knots.AsSpan(0, each);
            (first[0], first[^1]) = (0, 1);
            for (var k = 1; k < first.Length - 1; k++) first[k] = _starts[step].Of((k - 0.5) / (first.Length - 2)).U;
            for (var row = 1; row < rows; row++) first.CopyTo(knots.AsSpan(row * first.Length));
        }
        else
            for (var row = 0; row < rows; row++)
                guide.Place(step, us.AsSpan(row * _order.Length, step), knots.AsSpan(row * each, each));

        int[] all = [.. Enumerable.Range(0, rows)];
        Evaluate(all, knots, each);
        // What the regression does not describe is refined as without it.
        var refined = guide is null ? all : Array.FindAll(all, row => !grids[row].IsResolved());
        for (var row = 0; row < rows && guide is not null; row++) grids[row].AddEnds();
        for (var round = 0; round < layout.Rounds && refined.Length > 0; round++)
        {
            fewer?.Keep(round, grids);
            foreach (var (place, row) in refined.Index()) grids[row].Refine(knots.AsSpan(place * _grid.More, _grid.More));
            Evaluate(refined, knots, _grid.More);
        }

        foreach (var grid in grids) grid.SoftenEnds();
        return grids;

        // Knots of each of some rows, one row after the other.
        void Evaluate(int[] some, double[] at, int count)
        {
            var size = step + 1;
            var (pairs, logs) = (new float[some.Length * count * size], new float[some.Length * count]);
            for (var i = 0; i < logs.Length; i++)
            {
                var pair = pairs.AsSpan(i * size, size);
                drawn.AsSpan(some[i / count] * _order.Length, step).CopyTo(pair);
                pair[step] = prior.Theta(at[i]);
            }

            var sorted = new float[pairs.Length];
            Gather(mask, size, pairs, logs.Length, sorted);
            _posterior.LogDensity(mask, _x, sorted, logs);
            Evaluations += logs.Length;
            // Densities of u instead of θ.
            for (var i = 0; i < logs.Length; i++) logs[i] -= (float)Math.Log(prior.Slope(at[i]));
            foreach (var (place, row) in some.Index()) grids[row].Add(at.AsSpan(place * count, count), logs.AsSpan(place * count, count));
        }
    }

    /// <summary>From the order of drawing to that of the mask.</summary>
    private void Gather(ParameterMask mask, int size, ReadOnlySpan<float> drawn, int rows, Span<float> theta)
    {
        var stride = drawn.Length / rows;
        var places = mask.Indices().Select(parameter => Array.IndexOf(_order, parameter)).ToArray();
        for (var row = 0; row < rows; row++)
            for (var k = 0; k < size; k++) theta[row * size + k] = drawn[row * stride + places[k]];
    }

    /// <summary>Where a parameter's first knots are: its marginal, where the estimator knows it; else the prior.</summary>
    private static KnotDensity Start(KnotDensity? marginal)
    {
        if (marginal is { } known)
        {
            var softened = known.Copy();
            softened.SoftenEnds();
            return softened;
        }

        var even = new KnotDensity(2);
        even.Add([0, 1], [0, 0]);
        return even;
    }
}
