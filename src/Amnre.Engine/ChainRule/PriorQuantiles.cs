using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Amnre.Engine.Masks;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.ChainRule;

/// <summary>The prior of one parameter as a map between its values θ and its probabilities u = P(θ' ≤ θ), linear between knots that
/// each hold little mass: even steps of u are steps of the prior's own scale, logarithmic where the prior is.</summary>
/// <remarks>The map need not be exact: drawing u and taking θ(u) draws from the density u'(θ), which <see cref="Slope"/> gives
/// exactly.</remarks>
internal sealed class PriorQuantiles
{
    /// <summary>Cells are halved while they hold more than this.</summary>
    private const double MaxMass = 1 / 2048.0;

    /// <summary>Halvings of the whole range: a prior over twelve decades is still found.</summary>
    private const int MaxDepth = 44;

    /// <summary>Halvings however little mass is seen; more where the masses found do not add up to 1, as those of a narrow peak.</summary>
    private static readonly int[] FirstDepths = [6, 12, 16];

    /// <summary>A prior does not change while its simulator is there.</summary>
    private static readonly ConditionalWeakTable<ISimulator, ConcurrentDictionary<int, PriorQuantiles>> Known = [];

    private readonly double[] _theta, _u;
    private readonly float _last;

    private PriorQuantiles(ISimulator simulator, int parameter)
    {
        var mask = new ParameterMask(1u << parameter, simulator.ThetaSize);
        var (low, high) = ((double)simulator.Low[parameter], (double)simulator.High[parameter]);
        _last = float.BitDecrement(simulator.High[parameter]);
        var (total, firstDepth) = (0.0, 0);
        // The density's integral is 1, so that masses can be compared with it before the sum is known.
        var (theta, mass) = (new List<double>(), new List<double>());
        foreach (var depth in FirstDepths)
        {
            (theta, mass, total, firstDepth) = ([low], [0], 0, depth);
            Split(low, high, Density(low), Density(high), 0);
            if (Math.Abs(total - 1) < 0.01) break;
        }

        if (!(total > 0 && double.IsFinite(total)))
            throw new InputException(
                $"simulator {simulator.PlainName}: the prior of parameter {parameter} has no mass between {low} and {high}");
        (_theta, _u) = ([.. theta], [.. mass.Select(below => below / total)]);

        double Density(double value) => Math.Exp(simulator.LogPrior(mask, [Math.Clamp((float)value, simulator.Low[parameter], _last)]));

        void Split(double from, double to, double atFrom, double atTo, int depth)
        {
            var middle = (from + to) / 2;
            var atMiddle = Density(middle);
            // Simpson's rule.
            var own = (to - from) * (atFrom + 4 * atMiddle + atTo) / 6;
            if (depth < firstDepth || depth < MaxDepth && own > MaxMass)
            {
                Split(from, middle, atFrom, atMiddle, depth + 1);
                Split(middle, to, atMiddle, atTo, depth + 1);
                return;
            }

            // Between knots u rises everywhere, so that it can be turned round.
            total += Math.Max(own, 1e-12 * (to - from) / (high - low));
            theta.Add(to);
            mass.Add(total);
        }
    }

    /// <summary>Of a parameter, found once for each simulator.</summary>
    public static PriorQuantiles Of(ISimulator simulator, int parameter) =>
        Known.GetOrCreateValue(simulator).GetOrAdd(parameter, static (one, owner) => new PriorQuantiles(owner, one), simulator);

    /// <summary>The value of probability <paramref name="u"/>, within the support.</summary>
    public float Theta(double u)
    {
        var cell = Cell(_u, u);
        var theta = _theta[cell] + (u - _u[cell]) / (_u[cell + 1] - _u[cell]) * (_theta[cell + 1] - _theta[cell]);
        return Math.Min((float)theta, _last);
    }

    /// <summary>The probability of values below <paramref name="theta"/>.</summary>
    public double Probability(float theta)
    {
        var cell = Cell(_theta, theta);
        return Math.Clamp(_u[cell] + (theta - _theta[cell]) / (_theta[cell + 1] - _theta[cell]) * (_u[cell + 1] - _u[cell]), 0, 1);
    }

    /// <summary>u'(θ) at the value of probability <paramref name="u"/>.</summary>
    public double Slope(double u)
    {
        var cell = Cell(_u, u);
        return (_u[cell + 1] - _u[cell]) / (_theta[cell + 1] - _theta[cell]);
    }

    private static int Cell(double[] knots, double value)
    {
        var place = Array.BinarySearch(knots, value);
        return Math.Clamp(place >= 0 ? place : ~place - 1, 0, knots.Length - 2);
    }
}
