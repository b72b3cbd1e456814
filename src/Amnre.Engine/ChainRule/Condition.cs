using System.Globalization;
using Amnre.Engine.Masks;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.ChainRule;

/// <summary>What a posterior is conditioned on: θ_B of p(θ_A | θ_B, x).</summary>
/// <param name="Mask">B.</param>
/// <param name="Values">θ_B, |B| values.</param>
internal sealed record Condition(ParameterMask Mask, float[] Values)
{
    /// <param name="given">Values by the parameters' labels, or by their places from 0.</param>
    /// <param name="simulator">Whose parameters.</param>
    /// <returns>Null where nothing is given.</returns>
    /// <exception cref="InputException">No such parameter, one given twice, or a value outside the prior.</exception>
    public static Condition? Of(IEnumerable<KeyValuePair<string, float>> given, ISimulator simulator)
    {
        var values = new SortedDictionary<int, float>();
        foreach (var (name, value) in given)
        {
            var parameter = Within(name, value, simulator);
            if (!values.TryAdd(parameter, value)) throw new InputException($"{simulator.Labels[parameter]} is given twice: give one value");
        }

        var bits = values.Keys.Aggregate(0u, (bits, parameter) => bits | 1u << parameter);
        return bits == 0 ? null : new Condition(new ParameterMask(bits, simulator.ThetaSize), [.. values.Values]);
    }

    /// <summary>The place of a parameter, named by its label or its place from 0, whose prior holds a value.</summary>
    /// <exception cref="InputException">No such parameter, or a value outside its prior.</exception>
    public static int Within(string name, float value, ISimulator simulator)
    {
        var parameter = Place(name, simulator);
        return value >= simulator.Low[parameter] && value < simulator.High[parameter]
            ? parameter
            : throw new InputException(FormattableString.Invariant(
                $"{simulator.Labels[parameter]} = {value:R} is outside its prior, [{simulator.Low[parameter]:R}, {simulator.High[parameter]:R}): give a value within"));
    }

    /// <summary>As figures say it: <c>θ₁ = 0.5, θ₃ = −1</c>.</summary>
    public string Text(ISimulator simulator) => string.Join(", ", Mask.Indices().Zip(Values, (parameter, value) =>
        string.Create(CultureInfo.InvariantCulture, $"{simulator.Labels[parameter]} = {value:G6}").Replace('-', '−')));

    private static int Place(string name, ISimulator simulator)
    {
        for (var parameter = 0; parameter < simulator.ThetaSize; parameter++)
            if (string.Equals(simulator.Labels[parameter], name, StringComparison.OrdinalIgnoreCase)) return parameter;
        if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var place) && place < simulator.ThetaSize) return place;
        throw new InputException($"{SimulatorReference.Plain(simulator.Name)} has no parameter '{name}': name one of " +
            $"{string.Join(", ", simulator.Labels)}, or its place, 0 to {simulator.ThetaSize - 1}");
    }
}
