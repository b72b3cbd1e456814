using System.Numerics;

namespace Amnre.Engine.Masks;

/// <summary>Reads the mask lists of the command line and of experiment files: explicit bits (<c>00110</c>) and sizes (<c>=2</c>).</summary>
public static class MaskList
{
    /// <summary>Of a list: no run could train or evaluate more.</summary>
    private const int MaxMasks = 1 << 20;

    /// <summary>All non-empty subsets of size <paramref name="count"/> inside <paramref name="filter"/>, in the order of the
    /// integers 1..2^D-1 with parameter 0 as the least significant bit.</summary>
    internal static IEnumerable<ParameterMask> OfCount(int count, ParameterMask filter)
    {
        for (var bits = 1u; bits < 1u << filter.Size; bits++)
            if (BitOperations.PopCount(bits) == count && (bits & ~filter.Bits) == 0)
                yield return new ParameterMask(bits, filter.Size);
    }

    /// <summary>Expands <paramref name="items"/> for a simulator of <paramref name="size"/> parameters, in the order given.</summary>
    /// <param name="items">Each an explicit mask of exactly <paramref name="size"/> characters, or <c>=k</c>.</param>
    /// <param name="size">Number of parameters D.</param>
    /// <param name="filter">Restricts <c>=k</c> to subsets of this mask; explicit masks are taken as they are.</param>
    /// <param name="errors">One sentence for each item that cannot be read; empty when all can.</param>
    public static IReadOnlyList<ParameterMask> Expand(
        IEnumerable<string> items, int size, ParameterMask? filter, out IReadOnlyList<string> errors)
    {
        var masks = new List<ParameterMask>();
        var wrong = new List<string>();
        foreach (var item in items)
        {
            if (item.StartsWith('='))
            {
                if (int.TryParse(item.AsSpan(1), out var count) && count >= 1 && count <= size)
                    masks.AddRange(OfCount(count, filter ?? ParameterMask.Full(size)).Take(MaxMasks + 1));
                else
                    wrong.Add($"mask '{item}': the size after '=' must be a number from 1 to {size}");
                if (masks.Count <= MaxMasks) continue;
                wrong.Add($"mask '{item}' and those before it are more than {MaxMasks}: name fewer, or restrict them with a filter");
                break;
            }

            if (!ParameterMask.TryParse(item, out var mask))
            {
                wrong.Add($"mask '{item}': write one 0 or 1 per parameter ({size} characters), or '=k' for all of size k");
            }
            else if (mask.Size != size)
            {
                wrong.Add($"mask '{item}' has {mask.Size} characters, but the simulator has {size} parameters: write {size} characters");
            }
            else if (mask.Count == 0)
            {
                wrong.Add($"mask '{item}' selects no parameter: set at least one character to 1");
            }
            else
            {
                masks.Add(mask);
            }
        }

        errors = wrong;
        return masks;
    }
}
