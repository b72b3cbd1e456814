using System.Numerics;
using Amnre.Engine.Masks;
using Amnre.Engine.Randomness;

namespace Amnre.Engine.Distributions;

/// <summary>Groups of parameters that are independent of each other.</summary>
public sealed class GroupedPrior : IPrior
{
    private readonly (int[] Places, IPrior Prior)[] _groups;
    private readonly (int Group, int Place)[] _owners;

    /// <param name="groups">Each with the places of its parameters among all, ascending; together every place once.</param>
    public GroupedPrior(IReadOnlyList<(IReadOnlyList<int> Places, IPrior Prior)> groups)
    {
        _groups = [.. groups.Select(group => (group.Places.ToArray(), group.Prior))];
        _owners = new (int, int)[_groups.Sum(group => group.Places.Length)];
        var (low, high, taken) = (new float[_owners.Length], new float[_owners.Length], new bool[_owners.Length]);
        foreach (var (index, (places, prior)) in _groups.Index())
        {
            foreach (var (k, place) in places.Index())
            {
                if (place < 0 || place >= taken.Length || taken[place] || k > 0 && places[k - 1] >= place)
                    throw new ArgumentException(
                        $"places of groups must ascend and hold each parameter once, unlike {place}", nameof(groups));
                (taken[place], _owners[place], low[place], high[place]) = (true, (index, k), prior.Low[k], prior.High[k]);
            }
        }

        (Low, High) = (low, high);
    }

    public IReadOnlyList<float> Low { get; }

    public IReadOnlyList<float> High { get; }

    public bool IsLogarithmic(int parameter)
    {
        var (group, place) = _owners[parameter];
        return _groups[group].Prior.IsLogarithmic(place);
    }

    public void Draw(ref CounterRandom random, Span<float> theta)
    {
        Span<float> part = stackalloc float[theta.Length];
        foreach (var (places, prior) in _groups)
        {
            prior.Draw(ref random, part[..places.Length]);
            for (var k = 0; k < places.Length; k++) theta[places[k]] = part[k];
        }
    }

    public double LogDensity(ParameterMask mask, ReadOnlySpan<float> theta)
    {
        Span<float> part = stackalloc float[theta.Length];
        var sum = 0.0;
        foreach (var (places, prior) in _groups)
        {
            var (bits, count) = (0u, 0);
            for (var k = 0; k < places.Length; k++)
            {
                if (!mask[places[k]]) continue;
                bits |= 1u << k;
                part[count++] = theta[BitOperations.PopCount(mask.Bits & ((1u << places[k]) - 1))];
            }

            if (count > 0) sum += prior.LogDensity(new ParameterMask(bits, places.Length), part[..count]);
        }

        return sum;
    }
}
