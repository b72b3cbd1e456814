using Amnre.Engine.Hdf5Structures;

namespace Amnre.Engine.Hdf5Values;

/// <summary>How chunks tile a dataset, and the numbers that indexes know them by.</summary>
internal sealed class ChunkGrid
{
    private readonly long[] _chunk, _limits;

    /// <param name="space">Of the dataset, of one dimension at least.</param>
    /// <param name="chunk">Lengths of a chunk, without the bytes of a value.</param>
    public ChunkGrid(Dataspace space, long[] chunk)
    {
        _chunk = chunk;
        Counts = [.. space.Lengths.Select((length, i) => Ceiling(length, chunk[i]))];
        _limits = [.. space.Limits.Select((limit, i) => limit == Dataspace.Unlimited ? Dataspace.Unlimited : Ceiling(limit, chunk[i]))];
    }

    public int Rank => _chunk.Length;

    /// <summary>Chunks along each dimension.</summary>
    public long[] Counts { get; }

    /// <summary>Number of a chunk by its place, row-major.</summary>
    public long Number(ReadOnlySpan<long> place)
    {
        var number = 0L;
        for (var i = 0; i < place.Length; i++) number = checked(number * Counts[i] + place[i]);
        return number;
    }

    /// <summary>Number of the chunk whose place counts chunks; null when it lies outside of the dataset, which may have shrunk.</summary>
    public long? Inside(ReadOnlySpan<ulong> place)
    {
        Span<long> signed = stackalloc long[Rank];
        for (var i = 0; i < Rank; i++)
        {
            if (place[i] >= (ulong)Counts[i]) return null;
            signed[i] = (long)place[i];
        }

        return Number(signed);
    }

    /// <summary>Number of the chunk that begins at a value.</summary>
    public long? At(ReadOnlySpan<ulong> values)
    {
        Span<ulong> place = stackalloc ulong[Rank];
        for (var i = 0; i < Rank; i++)
        {
            place[i] = values[i] / (ulong)_chunk[i];
            if (values[i] % (ulong)_chunk[i] != 0) throw new InputException("a chunk does not begin where chunks do: it is damaged");
        }

        return Inside(place);
    }

    /// <summary>Where an array of chunks has the chunk of a number: it counts by what the dataset may grow to, and by the one dimension
    /// without limit first, so that growing moves none.</summary>
    public long Slot(long number)
    {
        Span<long> place = stackalloc long[Rank];
        for (var i = Rank - 1; i >= 0; i--) (number, place[i]) = (number / Counts[i], number % Counts[i]);
        var unlimited = Array.IndexOf(_limits, Dataspace.Unlimited);
        var slot = unlimited > 0 ? place[unlimited] : 0;
        for (var i = 0; i < Rank; i++)
        {
            if (i != unlimited || i == 0) slot = checked(slot * Math.Max(_limits[i], 1) + place[i]);
        }

        return slot;
    }

    private static long Ceiling(long length, long chunk) => length / chunk + (length % chunk == 0 ? 0 : 1);
}
