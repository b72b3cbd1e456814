using Amnre.Engine.ChainRule;
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
        var condition = Condition.Of(settings.Given, simulator);
        var nested = settings.BayesFactors.Select(one => (Parameter: Condition.Within(one.Name, one.Value, simulator), one.Value)).ToList();
        var masks = Free(settings.Masks, condition?.Mask.Bits ?? 0, simulator.ThetaSize);
        foreach (var idle in nested.Where(one => !masks.Any(mask => mask[one.Parameter])))
            throw new InputException($"a Bayes factor of {simulator.Labels[idle.Parameter]} takes its posterior, which is not asked for: " +
                "leave it out of --given, or add it to --masks");
        return [.. masks.Select(mask => new Question(
            mask, condition?.Mask, condition?.Values ?? [], [.. nested.Where(one => mask[one.Parameter])], settings.Draws, settings.Seed))];
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

        var asked = new List<ParameterMask>();
        foreach (var text in masks)
        {
            var named = MaskList.Expand([text], size, null, out var errors);
            if (errors.Count > 0) throw new InputException(errors[0]);
            // '=1' means each parameter that is not given; a mask that is written out means what it says.
            IReadOnlyList<ParameterMask> possible = [.. named.Where(mask => (mask.Bits & given) == 0)];
            if (possible.Count == 0 && given != 0)
                throw new InputException($"mask '{text}' holds parameters that are given, " +
                    $"{new ParameterMask(given, size)}: ask for a mask of others, or give fewer");
            asked.AddRange(possible);
        }

        return [.. asked.Distinct()];
    }
}
