namespace Amnre.Engine.MassTransport;

/// <summary>A grid of cells twice as wide in each dimension.</summary>
internal sealed class CoarseGrid
{
    private readonly int[] _cells;

    public CoarseGrid(int[] lengths)
    {
        Lengths = Array.ConvertAll(lengths, length => (length + 1) / 2);
        _cells = new int[lengths.Aggregate(1, (a, b) => a * b)];
        for (var cell = 0; cell < _cells.Length; cell++)
        {
            for (int k = lengths.Length - 1, rest = cell, stride = 1; k >= 0; k--)
            {
                _cells[cell] += rest % lengths[k] / 2 * stride;
                (rest, stride) = (rest / lengths[k], stride * Lengths[k]);
            }
        }
    }

    public int[] Lengths { get; }

    /// <summary>The wide cell around a narrow one.</summary>
    public int CellOf(int cell) => _cells[cell];

    public double[] Sum(double[] masses)
    {
        var sums = new double[Lengths.Aggregate(1, (a, b) => a * b)];
        for (var cell = 0; cell < masses.Length; cell++) sums[_cells[cell]] += masses[cell];
        return sums;
    }
}
