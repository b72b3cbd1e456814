using Amnre.Engine.ChainRule;

namespace Amnre.Engine.Inference;

/// <summary>Whether an observation allows the values that its posterior is conditioned on.</summary>
internal static class GivenValues
{
    /// <summary>The probability beyond a value, on its side of the median, below which the observation all but excludes it: about 3.3
    /// deviations of a normal posterior.</summary>
    private const double Least = 0.0005;

    /// <param name="marginals">Of the observation alone.</param>
    /// <param name="asked">With the parameters that are given, and their values.</param>
    /// <returns>A sentence for each value that lies where the posterior has next to nothing.</returns>
    public static IEnumerable<string> Warnings(ObservedMarginals marginals, Question asked)
    {
        if (asked.Given is not { } given) yield break;
        foreach (var (place, parameter) in given.Indices().Index())
        {
            if (marginals.Points(parameter) is not { } points) continue;
            var (name, value) = (marginals.Simulator.Labels[parameter], asked.Values[place]);
            var below = points.Below(value);
            if (Math.Min(below, 1 - below) >= Least) continue;
            yield return FormattableString.Invariant(
                $"the observation all but excludes {name} = {value:G6}: less than {Least * 100:0.##} % of its posterior lies {(below < 0.5 ? "below" : "above")} it. The posterior given that value is a guess");
        }
    }
}
