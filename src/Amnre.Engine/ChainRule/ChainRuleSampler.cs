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
/// own conditional has it. The first parameter's is shared. Draw i is a function of (seed, observation, i) alone.</remarks>
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

    private ChainRuleSampler(
        ISimulator simulator, IMarginalPosterior posterior, ParameterMask mask, ChainRuleGrid grid, int[] order, float[] x)
    {
        (_simulator, _posterior, _mask, _grid, _order, _x) = (simulator, posterior, mask, grid, order, x);
        _priors = [.. Enumerable.Range(0, simulator.ThetaSize)
            .Select(parameter => mask[parameter] ? new PriorQuantiles(simulator, parameter) : null!)];
        _starts = [.. order.Select(parameter => new KnotQuantiles(Start(parameter)))];
    }

    /// <param name="x">One observation, as the estimator takes it.</param>
    /// <returns>Null when the estimator lacks the marginals that it takes.</returns>
    public static ChainRuleSampler? Of(
        ISimulator simulator, IMarginalPosterior posterior, ParameterMask mask, ChainRuleGrid grid, ReadOnlySpan<float> x) =>
        NestedOrder.Find(posterior, mask, mask.Indices()) is { } order
        ? new ChainRuleSampler(simulator, posterior, mask, grid, order, x.ToArray())
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
        for (var first = 0; first < count; first += Block)
        {
            var rows = Math.Min(Block, count - first);
            DrawBlock(
                seed, observation << 32 | (uint)(from + first),
                theta.AsSpan(first * _mask.Count, rows * _mask.Count), weights.AsSpan(first, rows), context.Stop);
            context.Progress.Report(new RunProgress(from + first + rows, from + count, "draws"));
        }

        return (theta, weights);
    }

    private void DrawBlock(ulong seed, ulong index, Span<float> theta, Span<float> logWeights, CancellationToken stop)
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
            var grids = step == 0 ? null : Conditionals(new ParameterMask(known, _mask.Size), step, drawn, rows);
            for (var row = 0; row < rows; row++)
            {
                // A word of its own for each step, whatever the number of rows.
                var random = new CounterRandom(seed, RandomPurpose.ChainRule, index + (ulong)row);
                var uniform = 0.0;
                for (var skip = 0; skip <= step; skip++) uniform = random.NextDouble();
                var (u, log) = (grids is null ? _starts[0] : new KnotQuantiles(grids[row])).Of(uniform);
                drawn[row * _order.Length + step] = prior.Theta(u);
                logs[row] += log + Math.Log(prior.Slope(u));
            }
        }

        Gather(new ParameterMask(known, _mask.Size), _order.Length, drawn, rows, theta);
        _posterior.LogDensity(_mask, _x, theta, logWeights);
        ChainStart.Truncate(_simulator, _mask, theta, logWeights);
        for (var row = 0; row < rows; row++) logWeights[row] = (float)(logWeights[row] - logs[row]);
    }

    /// <summary>Of each row, the density of the parameter drawn at <paramref name="step"/> given those drawn before it.</summary>
    private KnotDensity[] Conditionals(ParameterMask mask, int step, float[] drawn, int rows)
    {
        var grids = new KnotDensity[rows];
        for (var row = 0; row < rows; row++) grids[row] = new KnotDensity(_grid.Knots);
        var prior = _priors[_order[step]];

        // Where the parameter's marginal has its mass, the ends of the prior included.
        var first = new double[_grid.First];
        for (var k = 0; k < first.Length; k++) first[k] = k == 0 ? 0 : k == first.Length - 1
            ? 1
            : _starts[step].Of((k - 0.5) / (first.Length - 2)).U;
        var knots = new double[rows * _grid.First];
        for (var row = 0; row < rows; row++) first.CopyTo(knots, row * first.Length);
        Evaluate(knots, first.Length);
        for (var round = 0; round < _grid.Rounds; round++)
        {
            for (var row = 0; row < rows; row++) grids[row].Refine(knots.AsSpan(row * _grid.More, _grid.More));
            Evaluate(knots, _grid.More);
        }

        foreach (var grid in grids) grid.SoftenEnds();
        return grids;

        void Evaluate(double[] at, int each)
        {
            var size = step + 1;
            var (pairs, logs) = (new float[rows * each * size], new float[rows * each]);
            for (var row = 0; row < rows; row++)
            {
                for (var k = 0; k < each; k++)
                {
                    var pair = pairs.AsSpan((row * each + k) * size, size);
                    drawn.AsSpan(row * _order.Length, step).CopyTo(pair);
                    pair[step] = prior.Theta(at[row * each + k]);
                }
            }

            var sorted = new float[pairs.Length];
            Gather(mask, size, pairs, rows * each, sorted);
            _posterior.LogDensity(mask, _x, sorted, logs);
            // Densities of u instead of θ.
            for (var i = 0; i < logs.Length; i++) logs[i] -= (float)Math.Log(prior.Slope(at[i]));
            for (var row = 0; row < rows; row++) grids[row].Add(at.AsSpan(row * each, each), logs.AsSpan(row * each, each));
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

    /// <summary>The marginal of one parameter, where the estimator knows it; else the prior.</summary>
    private KnotDensity Start(int parameter)
    {
        var mask = new ParameterMask(1u << parameter, _mask.Size);
        if (_posterior.Covers(mask))
        {
            var marginal = MarginalKnots.Of(_posterior, mask, _priors[parameter], _x, _grid.Shared);
            marginal.SoftenEnds();
            return marginal;
        }

        var even = new KnotDensity(2);
        even.Add([0, 1], [0, 0]);
        return even;
    }
}
