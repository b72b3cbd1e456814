using System.Collections.Concurrent;

namespace Amnre.Jobs.Views;

/// <summary>Keeps what was counted over a great many rows, for a time that grows with the rows: pages that are looked at all the time must
/// not have the database count all the time. What is counted fast is not kept.</summary>
internal sealed class LargeCounts<TKey, TCount>(TimeProvider clock) where TKey : notnull
{
    /// <summary>A database counts some hundred thousand rows a second, so counting takes up at most about a tenth of the time.</summary>
    private const int RowsPerSecond = 50_000;

    private readonly ConcurrentDictionary<TKey, (TCount Count, long Rows, long At)> _kept = new();

    /// <returns>Whether it is known and still good.</returns>
    public bool TryGet(TKey of, out TCount count)
    {
        count = default!;
        if (!_kept.TryGetValue(of, out var kept)) return false;
        if (clock.GetElapsedTime(kept.At).TotalSeconds < kept.Rows / RowsPerSecond)
        {
            count = kept.Count;
            return true;
        }

        _kept.TryRemove(of, out _);
        return false;
    }

    /// <param name="of">Of what.</param>
    /// <param name="count">As counted just now.</param>
    /// <param name="rows">That were looked at.</param>
    /// <returns>The count.</returns>
    public TCount Keep(TKey of, TCount count, long rows)
    {
        if (rows >= RowsPerSecond) _kept[of] = (count, rows, clock.GetTimestamp());
        return count;
    }
}
