using Amnre.Engine.Settings;

namespace Amnre.Engine.Ensembles;

/// <summary>Log ratios, or log densities, of several models as one.</summary>
internal static class CombinedRatios
{
    /// <param name="members">Of each model, at least one, equally many.</param>
    /// <param name="combination">How.</param>
    /// <param name="result">Receives as many.</param>
    public static void Combine(IReadOnlyList<float[]> members, Combination combination, Span<float> result)
    {
        for (var i = 0; i < result.Length; i++) result[i] = Combined(members, combination, i);
    }

    private static float Combined(IReadOnlyList<float[]> members, Combination combination, int place)
    {
        // The bytes of a single model are its own.
        if (members.Count == 1) return members[0][place];
        double sum = 0, largest = double.NegativeInfinity;
        foreach (var member in members)
        {
            sum += member[place];
            largest = Math.Max(largest, member[place]);
        }

        if (combination == Combination.Mean || !double.IsFinite(largest)) return (float)(sum / members.Count);
        return (float)(largest + Math.Log(members.Sum(member => Math.Exp(member[place] - largest)) / members.Count));
    }
}
