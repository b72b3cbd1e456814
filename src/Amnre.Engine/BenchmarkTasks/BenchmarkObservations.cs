using System.Globalization;
using System.Reflection;

namespace Amnre.Engine.BenchmarkTasks;

/// <summary>The benchmark's observations and the parameters that made them, as stored there.</summary>
internal static class BenchmarkObservations
{
    /// <summary>Observations of each task.</summary>
    public const int Count = 10;

    private const string Resource = "sbibm-observations.csv";

    /// <summary>By task, its lines: theta, then x.</summary>
    private static readonly Lazy<ILookup<string, float[]>> Rows = new(() =>
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(','))
            .ToLookup(cells => cells[0], cells => cells.Skip(1).Select(cell => float.Parse(cell, CultureInfo.InvariantCulture)).ToArray());
    });

    /// <param name="task">Name of the simulator.</param>
    /// <param name="theta">Receives (10, D).</param>
    /// <param name="x">Receives (10, observation size).</param>
    public static void Fill(string task, Span<float> theta, Span<float> x)
    {
        var (size, length) = (theta.Length / Count, x.Length / Count);
        foreach (var (i, row) in Rows.Value[task].Index())
        {
            row.AsSpan(0, size).CopyTo(theta[(i * size)..]);
            row.AsSpan(size, length).CopyTo(x[(i * length)..]);
        }
    }
}
