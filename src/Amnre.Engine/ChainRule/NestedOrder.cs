using Amnre.Engine.Masks;
using Amnre.Engine.Posteriors;

namespace Amnre.Engine.ChainRule;

/// <summary>An order of a mask's parameters of which an estimator knows every beginning, so that they can be drawn one after the
/// other.</summary>
internal static class NestedOrder
{
    /// <summary>Beyond it the subsets of an estimator that lists them are too many to try; one of any subset needs no trying.</summary>
    private const int MaxSearched = 16;

    /// <param name="posterior">Whose subsets.</param>
    /// <param name="mask">The parameters.</param>
    /// <param name="preferred">The mask's parameters, those first that should come first where there is a choice.</param>
    /// <returns>Null when there is none.</returns>
    public static int[]? Find(IMarginalPosterior posterior, ParameterMask mask, IReadOnlyList<int> preferred)
    {
        if (!posterior.Covers(mask)) return null;
        var dead = new HashSet<uint>();
        var order = new int[mask.Count];
        return Extend(0, 0) ? order : null;

        bool Extend(uint known, int count)
        {
            if (count == order.Length) return true;
            if (dead.Contains(known) || dead.Count > 1 << MaxSearched) return false;
            foreach (var parameter in preferred)
            {
                var next = known | 1u << parameter;
                if (next == known || !posterior.Covers(new ParameterMask(next, mask.Size))) continue;
                order[count] = parameter;
                if (Extend(next, count + 1)) return true;
            }

            dead.Add(known);
            return false;
        }
    }
}
