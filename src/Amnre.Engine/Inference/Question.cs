using System.Globalization;
using Amnre.Engine.Masks;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Inference;

/// <summary>Which posterior is wanted: p(θ_A | θ_B, x).</summary>
/// <param name="Mask">A.</param>
/// <param name="Given">B; null for none.</param>
/// <param name="Values">θ_B, |B| values.</param>
/// <param name="Nested">Values of parameters of A in nested models.</param>
/// <param name="Draws">Draws of it.</param>
/// <param name="Seed">Names the random numbers.</param>
internal sealed record Question(
    ParameterMask Mask, ParameterMask? Given, float[] Values, IReadOnlyList<(int Parameter, float Value)> Nested, int Draws, ulong Seed)
{
    /// <returns>One for each mask.</returns>
    /// <exception cref="InputException">What is asked cannot be of this simulator.</exception>
    public static IReadOnlyList<Question> Of(InferSettings settings, ISimulator simulator)
    {
        if (settings.Draws < 1) throw new InputException($"{settings.Draws} draws cannot be: ask for 1 or more");
        var values = new SortedDictionary<int, float>();
        foreach (var (name, value) in settings.Given)
        {
            var parameter = Within(name, value, simulator);
            if (!values.TryAdd(parameter, value)) throw new InputException($"{simulator.Labels[parameter]} is given twice: give one value");
        }

        var (size, given) = (simulator.ThetaSize, values.Keys.Aggregate(0u, (bits, parameter) => bits | 1u << parameter));
        var nested = settings.BayesFactors.Select(one => (Parameter: Within(one.Name, one.Value, simulator), one.Value)).ToList();
        var masks = Free(settings.Masks, given, size);
        foreach (var idle in nested.Where(one => !masks.Any(mask => mask[one.Parameter])))
            throw new InputException(
                $"a Bayes factor of {simulator.Labels[idle.Parameter]} takes its posterior, which is not asked for: leave it out of --given, or add it to --masks");
        return [.. masks.Select(mask => new Question(
            mask, given == 0 ? null : new ParameterMask(given, size), [.. values.Values], [.. nested.Where(one => mask[one.Parameter])],
            settings.Draws, settings.Seed))];
    }

    private static int Within(string name, float value, ISimulator simulator)
    {
        var parameter = Place(name, simulator);
        return value >= simulator.Low[parameter] && value < simulator.High[parameter]
            ? parameter
            : throw new InputException(FormattableString.Invariant(
                $"{simulator.Labels[parameter]} = {value:R} is outside its prior, [{simulator.Low[parameter]:R}, {simulator.High[parameter]:R}): give a value within"));
    }

    private static IReadOnlyList<ParameterMask> Free(IReadOnlyList<string> masks, uint given, int size)
    {
        if (masks.Count == 0)
        {
            var free = ParameterMask.Full(size).Bits & ~given;
            return free != 0
                ? [new ParameterMask(free, size)]
                : throw new InputException("every parameter is given, so nothing is left to infer: leave one out");
        }

        IReadOnlyList<ParameterMask> asked;
        try
        {
            asked = MaskList.Expand(masks, size, null, out _);
        }
        catch (FormatException wrong)
        {
            throw new InputException(wrong.Message, wrong);
        }

        // '=1' means each parameter that is not given.
        IReadOnlyList<ParameterMask> possible = [.. asked.Where(mask => (mask.Bits & given) == 0)];
        return possible.Count > 0
            ? possible
            : throw new InputException($"every mask of {string.Join(" ", masks)} holds parameters that are given: ask for others");
    }

    private static int Place(string name, ISimulator simulator)
    {
        for (var parameter = 0; parameter < simulator.ThetaSize; parameter++)
            if (string.Equals(simulator.Labels[parameter], name, StringComparison.OrdinalIgnoreCase)) return parameter;
        if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var place) && place < simulator.ThetaSize) return place;
        throw new InputException($"{SimulatorReference.Plain(simulator.Name)} has no parameter '{name}': name one of " +
            $"{string.Join(", ", simulator.Labels)}, or its place, 0 to {simulator.ThetaSize - 1}");
    }
}
