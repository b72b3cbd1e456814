using Amnre.Engine.ChainRule;
using Amnre.Engine.Ensembles;
using Amnre.Engine.Evaluation;
using Amnre.Engine.Inference;
using Amnre.Engine.Masks;
using Amnre.Engine.Posteriors;
using Amnre.Engine.Sampling;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Verdicts;

/// <summary>Measures a model at one observation whose parameters need not be known.</summary>
internal static class ObservationMeasurement
{
    /// <summary>Also the simulations that the observation is compared with, so that the least p-value is below every limit.</summary>
    public const int Draws = 4000;

    /// <summary>As <see cref="VerdictLimits.ChanceLevel"/>, over a few parameters and both ways to shift.</summary>
    private const double Deviations = 4;

    /// <param name="simulator">Gives the prior, and simulates where it can.</param>
    /// <param name="posterior">The model.</param>
    /// <param name="others">Models that were trained alike.</param>
    /// <param name="measured">The observation as measured.</param>
    /// <param name="x">The observation as each of the models takes it, the first being <paramref name="posterior"/>.</param>
    /// <param name="likeness">Compares observations with simulations; null where there are none.</param>
    /// <param name="index">The observation's place.</param>
    /// <param name="seed">Names draws and simulations.</param>
    /// <param name="context">May stop it.</param>
    public static ObservationMeasures Of(
        ISimulator simulator, IMarginalPosterior posterior, IReadOnlyList<IMarginalPosterior> others, float[] measured,
        IReadOnlyList<float[]> x, Likeness? likeness, int index, ulong seed, RunContext context)
    {
        var full = ParameterMask.Full(simulator.ThetaSize);
        var found = new ObservationMeasures { Index = index, Likeness = likeness?.Of(measured) };
        var known = new ObservedMarginals(simulator, posterior, x[0]);
        var marginals = Marginals(known);
        if (marginals.Find(one => NoProbability.Is(one.Points.Total, posterior.HasFreeFactor)) is { Points: { } nowhere })
        {
            return found with
            {
                Undrawn = FormattableString.Invariant(
                    $"the model gives the observation no probability (total {nowhere.Total:0.####e+0})"),
            };
        }

        JointDraws draws;
        try
        {
            draws = JointDraws.Of(known, full, Draws, seed, index, context);
        }
        catch (NoDrawsException none)
        {
            return found with { Undrawn = none.Message };
        }

        return found with
        {
            Worth = (draws.EffectiveSize, Draws),
            Way = draws.Way,
            Total = marginals.Count == 0 || posterior.HasFreeFactor
                ? null
                : marginals.Select(one => (one.Name, one.Points.Total)).MaxBy(one => Math.Abs(Math.Log(one.Total))),
            Consistency = marginals.Count == 0 || simulator.ThetaSize == 1
                ? null
                : marginals.Select(one => (one.Name, Shift(one, draws, simulator.ThetaSize))).MaxBy(one => one.Item2),
            Predictive = Predicted(simulator, draws.Theta, measured, index, seed),
            Ensemble = others.Count == 0
                ? null
                : Spread([.. posterior is Ensemble ? [] : (List<List<(string, int, MarginalPoints)>>)[marginals],
                    .. others.Select((other, k) => Marginals(new(simulator, other, x[k + 1])))]),
        };
    }

    private static List<(string Name, int Parameter, MarginalPoints Points)> Marginals(ObservedMarginals known) =>
        [.. Enumerable.Range(0, known.Simulator.ThetaSize)
            .Select(parameter => (known.Simulator.Labels[parameter], parameter, Points: known.Points(parameter)!))
            .Where(one => one.Points is not null)];

    private static double Shift((string Name, int Parameter, MarginalPoints Points) own, JointDraws draws, int size)
    {
        double[] places = [.. Enumerable.Range(0, Draws)
            .Select(draw => own.Points.Below(draws.Theta[draw * size + own.Parameter]))];
        var chance = Deviations * Math.Sqrt((1 / draws.EffectiveSize + 1.0 / Draws) / 12);
        var largest = Math.Max(Math.Abs(places.Average() - 0.5), Math.Abs(places.Average(u => Math.Abs(2 * u - 1)) - 0.5));
        return Math.Max(0, largest - chance);
    }

    private static double? Predicted(ISimulator simulator, float[] theta, float[] measured, int index, ulong seed)
    {
        if (simulator is not IConditionalSimulator conditional) return null;
        var simulated = new float[Draws * measured.Length];
        conditional.Observe(seed, (long)index * Draws, theta, simulated);
        return simulated.All(float.IsFinite) ? PredictiveTail.Of(measured, simulated) : null;
    }

    private static (string Name, double Deviation, int Members)? Spread(
        List<List<(string Name, int Parameter, MarginalPoints Points)>> members)
    {
        // Parameters that every member knows alone.
        int[] shared = [.. members[0].Select(one => one.Parameter)
            .Where(parameter => members.TrueForAll(m => m.Exists(one => one.Parameter == parameter)))];
        return shared.Length == 0 ? null : shared.Select(parameter =>
        {
            var each = members.ConvertAll(member => member.Find(one => one.Parameter == parameter));
            var means = each.ConvertAll(one => one.Points.Points.Average(point => point.Value));
            var within = each.Select((one, k) => one.Points.Points.Average(point => Math.Pow(point.Value - means[k], 2))).Average();
            var mean = means.Average();
            var between = means.Sum(value => (value - mean) * (value - mean)) / (means.Count - 1);
            return (each[0].Name, Math.Sqrt(between / within), means.Count);
        }).MaxBy(one => one.Item2);
    }
}
