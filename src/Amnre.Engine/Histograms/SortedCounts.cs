using System.Numerics;

namespace Amnre.Engine.Histograms;

/// <summary>Counts how often each number came, in sorted runs that are merged when they have grown: samples arrive by the ten million,
/// and a dictionary of as many entries would take several times the memory.</summary>
internal sealed class SortedCounts<T> where T : struct, IBinaryInteger<T>
{
    private const int Run = 1 << 21;

    private readonly T[] _fresh = new T[Run];
    private int _count;
    private T[] _keys = [];
    private int[] _counts = [];

    public void Add(T key)
    {
        _fresh[_count++] = key;
        if (_count == Run) Settle();
    }

    /// <summary>Adds all that <paramref name="other"/> counted.</summary>
    public void Add(SortedCounts<T> other)
    {
        Settle();
        other.Settle();
        Merge(other._keys, other._counts);
    }

    /// <summary>The numbers that came, ascending, and how often.</summary>
    public (T[] Keys, int[] Counts) Settled()
    {
        Settle();
        return (_keys, _counts);
    }

    private void Settle()
    {
        if (_count == 0) return;
        Array.Sort(_fresh, 0, _count);
        var (keys, counts) = (new T[_count], new int[_count]);
        var length = 0;
        for (var i = 0; i < _count; i++)
        {
            if (length == 0 || keys[length - 1] != _fresh[i]) keys[length++] = _fresh[i];
            counts[length - 1]++;
        }

        _count = 0;
        Merge(keys.AsSpan(0, length), counts.AsSpan(0, length));
    }

    private void Merge(ReadOnlySpan<T> otherKeys, ReadOnlySpan<int> otherCounts)
    {
        var (keys, counts) = (new T[_keys.Length + otherKeys.Length], new int[_keys.Length + otherKeys.Length]);
        var (length, mine, other) = (0, 0, 0);
        for (; mine < _keys.Length || other < otherKeys.Length; length++)
        {
            if (other == otherKeys.Length || (mine < _keys.Length && _keys[mine] < otherKeys[other]))
            {
                (keys[length], counts[length]) = (_keys[mine], _counts[mine]);
                mine++;
                continue;
            }

            (keys[length], counts[length]) = (otherKeys[other], otherCounts[other]);
            if (mine < _keys.Length && _keys[mine] == otherKeys[other]) counts[length] += _counts[mine++];
            other++;
        }

        (_keys, _counts) = (keys[..length], counts[..length]);
    }
}
