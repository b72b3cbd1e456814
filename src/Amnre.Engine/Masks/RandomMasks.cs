using System.Numerics;
using Amnre.Engine.Randomness;

namespace Amnre.Engine.Masks;

/// <summary>A distribution of masks, which training draws from.</summary>
internal abstract class RandomMasks
{
    /// <summary>One mask for each place of <paramref name="masks"/>, as bits.</summary>
    public abstract void Draw(Span<uint> masks, ref CounterRandom random);
}

/// <summary>Every non-empty subset of the filter equally often.</summary>
internal sealed class UniformMasks(ParameterMask filter) : RandomMasks
{
    private readonly int[] _parameters = filter.Indices();

    public override void Draw(Span<uint> masks, ref CounterRandom random)
    {
        var subsets = (1u << _parameters.Length) - 1;
        for (var i = 0; i < masks.Length; i++) masks[i] = Scatter(1 + random.NextBelow(subsets));
    }

    private uint Scatter(uint subset)
    {
        var bits = 0u;
        for (; subset != 0; subset &= subset - 1) bits |= 1u << _parameters[BitOperations.TrailingZeroCount(subset)];
        return bits;
    }
}

/// <summary>Subsets of the filter of size 1 + Poisson(1), the size drawn once for all masks of a draw; a size of all
/// parameters or more gives the filter itself.</summary>
internal sealed class PoissonMasks(ParameterMask filter) : RandomMasks
{
    private const double Rate = 1;

    private readonly int[] _parameters = filter.Indices();

    public override void Draw(Span<uint> masks, ref CounterRandom random)
    {
        var size = 1 + Poisson(ref random);
        if (size >= _parameters.Length)
        {
            masks.Fill(filter.Bits);
            return;
        }

        Span<int> order = stackalloc int[_parameters.Length];
        for (var i = 0; i < masks.Length; i++)
        {
            _parameters.CopyTo(order);
            masks[i] = 0;
            for (var k = 0; k < size; k++)
            {
                var j = k + (int)random.NextBelow((uint)(order.Length - k));
                (order[k], order[j]) = (order[j], order[k]);
                masks[i] |= 1u << order[k];
            }
        }
    }

    /// <summary>Counts uniforms until their product falls below exp(-rate) (Knuth).</summary>
    private static int Poisson(ref CounterRandom random)
    {
        var count = -1;
        for (var product = 1.0; product > Math.Exp(-Rate); count++) product *= 1 - random.NextDouble();
        return count;
    }
}

/// <summary>Each of a list equally often.</summary>
internal sealed class ListedMasks(IReadOnlyList<ParameterMask> list) : RandomMasks
{
    public override void Draw(Span<uint> masks, ref CounterRandom random)
    {
        for (var i = 0; i < masks.Length; i++) masks[i] = list[(int)random.NextBelow((uint)list.Count)].Bits;
    }
}
