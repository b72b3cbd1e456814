using Amnre.Engine.Sampling;

namespace Amnre.Engine.ChainRule;

/// <summary>The first draws of a posterior: half of them by grids of all rounds, half by those that are laid out for all others.</summary>
/// <param name="Seed">Names the random numbers.</param>
/// <param name="Observation">Its index.</param>
/// <param name="Layout">Of the grids of all others.</param>
/// <param name="Theta">(<see cref="Count"/>, |mask|), row-major.</param>
/// <param name="LogWeights">Of each, up to a constant.</param>
internal sealed record PilotDraws(ulong Seed, ulong Observation, GridLayout Layout, float[] Theta, float[] LogWeights)
{
    /// <summary>Draws that lay out the grids of all others, and as many that try these grids.</summary>
    public const int Half = 256;

    /// <summary>Cheaper grids are taken where they lose no more of the effective size, and find as much probability: natural
    /// logarithms that differ by more than this and 4 standard errors are of grids that miss something.</summary>
    private const double MinKept = 0.85, MaxMissed = 0.05;

    /// <summary>Draws by a layout.</summary>
    /// <param name="layout">Of the grids.</param>
    /// <param name="first">Number of the first draw.</param>
    /// <param name="us">Receives the draws as probabilities of their priors, in the order of drawing.</param>
    /// <param name="fewer">Learns what fewer rounds would have lost; null where nobody asks.</param>
    /// <param name="theta">Receives the draws.</param>
    /// <param name="logWeights">Receives their weights.</param>
    public delegate void Draw(GridLayout layout, int first, double[] us, FewerRounds? fewer, Span<float> theta, Span<float> logWeights);

    public int Count => LogWeights.Length;

    /// <param name="seed">Names the random numbers.</param>
    /// <param name="observation">Its index.</param>
    /// <param name="every">The grids of all rounds.</param>
    /// <param name="size">Parameters.</param>
    /// <param name="draw">Draws <see cref="Half"/> rows.</param>
    public static PilotDraws Of(ulong seed, ulong observation, GridLayout every, int size, Draw draw)
    {
        var (theta, logs, us) = (new float[2 * Half * size], new float[2 * Half], new double[Half * size]);
        var fewer = new FewerRounds(Half, every.Rounds);
        Try(every, 0, us, fewer);
        var before = Worth(logs[..Half]);
        foreach (var layout in Cheaper(us, size, before.Weights, fewer.Enough(before.Weights, MinKept), every.Rounds))
        {
            Try(layout, Half, new double[us.Length], null);
            var after = Worth(logs[Half..]);
            var chance = 4 * Math.Sqrt(Math.Max(0, 1 / before.Effective + 1 / after.Effective - 2.0 / Half));
            if (after.Effective >= MinKept * before.Effective && Math.Abs(after.LogTotal - before.LogTotal) <= MaxMissed + chance)
                return new PilotDraws(seed, observation, layout, theta, logs);
        }

        Try(every, Half, new double[us.Length], null);
        return new PilotDraws(seed, observation, every, theta, logs);

        void Try(GridLayout layout, int first, double[] found, FewerRounds? with) =>
            draw(layout, first, found, with, theta.AsSpan(first * size, Half * size), logs.AsSpan(first, Half));
    }

    /// <summary>The cheapest first.</summary>
    private static IEnumerable<GridLayout> Cheaper(double[] us, int size, float[] weights, int enough, int rounds)
    {
        if (enough > 0 && size > 1 && weights.Count(weight => weight > 0) > 1)
            yield return new GridLayout(ConditionalGuide.Of(us, weights, size), rounds);
        if (enough < rounds) yield return new GridLayout(null, enough);
    }

    /// <returns>The weights, of how many draws they are worth, and the logarithm of the probability that they find.</returns>
    private static (float[] Weights, double Effective, double LogTotal) Worth(float[] logs)
    {
        var most = logs.Max();
        var (sum, effective) = SystematicResampling.Exponentiate(logs);
        return (logs, effective, most + Math.Log(sum / logs.Length));
    }
}
