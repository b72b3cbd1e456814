using Amnre.Engine.Observations;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Imports;

/// <summary>How many rows the shape of an array stands for.</summary>
internal static class ArrayShape
{
    /// <param name="given">Shape of the array.</param>
    /// <param name="simulator">Whose parameters they are.</param>
    /// <exception cref="InputException">It is not (rows, parameters).</exception>
    public static long ThetaRows(IReadOnlyList<long> given, ISimulator simulator)
    {
        if (Rows(given, [simulator.ThetaSize]) is { } rows) return rows;
        throw new InputException($"theta has the shape ({string.Join(", ", given)}), but there are {simulator.ThetaSize} parameters " +
            $"({string.Join(", ", simulator.Labels)}): give (rows, {simulator.ThetaSize})");
    }

    /// <param name="given">Shape of the array.</param>
    /// <param name="simulator">Whose observations they are.</param>
    /// <exception cref="InputException">It is not (rows, observation), flat or in its own shape.</exception>
    public static long ObservationRows(IReadOnlyList<long> given, ISimulator simulator)
    {
        var wanted = simulator.ObservationShape;
        if (Rows(given, wanted) is { } rows) return rows;
        throw new InputException($"x has the shape ({string.Join(", ", given)}), but an observation has ({string.Join(", ", wanted)}): " +
            $"give (rows, {string.Join(", ", wanted)})");
    }

    /// <summary>Also of a single observation without the dimension of rows.</summary>
    /// <inheritdoc cref="ObservationRows"/>
    public static long MeasuredRows(IReadOnlyList<long> given, ISimulator simulator) =>
        ObservationShape.Observations(given, simulator.ObservationShape)
        ?? throw new InputException(ObservationShape.Error(given, simulator.ObservationShape));

    private static long? Rows(IReadOnlyList<long> given, IReadOnlyList<int> wanted)
    {
        if (given.Count == 0) return null;
        long[] own = [.. wanted.Select(length => (long)length)];
        var size = own.Aggregate(1L, (product, length) => product * length);
        long[] row = [.. given.Skip(1)];
        return row.SequenceEqual(own) || row.SequenceEqual([size]) || row.Length == 0 && size == 1 ? given[0] : null;
    }
}
