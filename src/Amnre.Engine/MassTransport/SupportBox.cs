namespace Amnre.Engine.MassTransport;

/// <summary>The smallest box of grid cells outside which two histograms are empty.</summary>
internal sealed class SupportBox
{
    private readonly int[] _cells;

    private SupportBox(int[] lengths, int[] cells) => (Lengths, _cells) = (lengths, cells);

    /// <summary>Cells per dimension of the box.</summary>
    public int[] Lengths { get; }

    public static SupportBox Of(IReadOnlyList<int> bins, double[] p, double[] q)
    {
        var (first, last) = (new int[bins.Count], new int[bins.Count]);
        Array.Fill(first, int.MaxValue);
        Array.Fill(last, -1);
        var position = new int[bins.Count];
        for (var cell = 0; cell < p.Length; cell++, Step(position, bins))
        {
            if (p[cell] == 0 && q[cell] == 0) continue;
            for (var k = 0; k < position.Length; k++)
                (first[k], last[k]) = (Math.Min(first[k], position[k]), Math.Max(last[k], position[k]));
        }

        if (last[0] < 0) throw new ArgumentException("both histograms are empty", nameof(p));
        var cells = new List<int>();
        Array.Clear(position);
        for (var cell = 0; cell < p.Length; cell++, Step(position, bins))
        {
            var inside = true;
            for (var k = 0; k < position.Length; k++) inside &= position[k] >= first[k] && position[k] <= last[k];
            if (inside) cells.Add(cell);
        }

        return new SupportBox([.. first.Zip(last, (from, to) => to - from + 1)], [.. cells]);
    }

    /// <summary>The part of <paramref name="masses"/> inside the box, row-major.</summary>
    public double[] Cut(double[] masses) => Array.ConvertAll(_cells, cell => masses[cell]);

    private static void Step(int[] position, IReadOnlyList<int> bins)
    {
        for (var k = position.Length - 1; k >= 0; k--)
        {
            if (++position[k] < bins[k]) return;
            position[k] = 0;
        }
    }
}
