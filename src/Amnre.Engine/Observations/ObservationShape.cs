namespace Amnre.Engine.Observations;

/// <summary>How the shape of an array of numbers fits a simulator's observations.</summary>
internal static class ObservationShape
{
    /// <summary>The number of observations in an array; null where it does not fit.</summary>
    /// <param name="given">The array's.</param>
    /// <param name="wanted">That of one observation.</param>
    /// <remarks>One observation may have its own shape or lie flat; several have one more dimension before either. Dimensions of length 1
    /// do not count.</remarks>
    public static int? Observations(IReadOnlyList<long> given, IReadOnlyList<int> wanted)
    {
        long[] own = [.. wanted.Select(length => (long)length)];
        long[] flat = [own.Aggregate(1L, (size, length) => size * length)];
        if (given.SequenceEqual(own) || given.SequenceEqual(flat)) return 1;
        if (given.Count > 0 && (given.Skip(1).SequenceEqual(own) || given.Skip(1).SequenceEqual(flat))) return (int)given[0];
        if (flat[0] == 1 && given is [var scalars]) return (int)scalars;
        var squeezed = Squeezed(given);
        if (squeezed.SequenceEqual(Squeezed(own)) || squeezed.SequenceEqual(Squeezed(flat))) return 1;
        return null;
    }

    /// <summary>What is wrong with a shape that does not fit.</summary>
    public static string Error(IReadOnlyList<long> given, IReadOnlyList<int> wanted)
    {
        var (own, size) = ($"({string.Join(", ", wanted)})", wanted.Aggregate(1, (a, b) => a * b));
        var turned = given.Count > 1 && given.Reverse().SequenceEqual(wanted.Select(length => (long)length)) ? "; it looks transposed" : "";
        return $"its shape is ({string.Join(", ", given)}), but one observation has {own}{turned}: give {own} or {size} values for one " +
            $"observation, (n, {string.Join(", ", wanted)}) or (n, {size}) for several";
    }

    private static long[] Squeezed(IEnumerable<long> shape) => [.. shape.Where(length => length != 1)];
}
