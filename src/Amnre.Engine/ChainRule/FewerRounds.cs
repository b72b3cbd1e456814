namespace Amnre.Engine.ChainRule;

/// <summary>What the grids of some draws would have lost with fewer rounds, told without evaluating the estimate: draws from q with
/// weights w = p/q give the effective size of another proposal q', (E_q w)² / E_q[w · p/q'].</summary>
internal sealed class FewerRounds
{
    private readonly KnotDensity[][] _kept;
    private readonly double[][] _logRatios;

    /// <param name="rows">Draws.</param>
    /// <param name="rounds">That their grids have.</param>
    public FewerRounds(int rows, int rounds)
    {
        _kept = new KnotDensity[rounds][];
        _logRatios = [.. _kept.Select(_ => new double[rows])];
    }

    /// <summary>Remembers the grids as they are after <paramref name="round"/> rounds.</summary>
    public void Keep(int round, KnotDensity[] grids) =>
        _kept[round] = Array.ConvertAll(grids, grid =>
        {
            var copy = grid.Copy();
            copy.SoftenEnds();
            return copy;
        });

    /// <summary>Takes a value drawn from a grid of all rounds.</summary>
    /// <param name="row">Of the grid.</param>
    /// <param name="u">The value.</param>
    /// <param name="log">The logarithm of the grid's density there.</param>
    public void Drawn(int row, double u, double log)
    {
        for (var round = 0; round < _kept.Length; round++)
            _logRatios[round][row] += log - new KnotQuantiles(_kept[round][row]).Log(u);
    }

    /// <param name="weights">Of the draws.</param>
    /// <param name="part">Of the effective size, that must be left.</param>
    /// <returns>The fewest rounds that leave it; all where none does.</returns>
    public int Enough(float[] weights, double part)
    {
        for (var round = 0; round < _kept.Length; round++)
        {
            var (all, fewer) = (0.0, 0.0);
            for (var row = 0; row < weights.Length; row++)
            {
                var square = (double)weights[row] * weights[row];
                all += square;
                fewer += square * Math.Exp(_logRatios[round][row]);
            }

            if (all >= part * fewer) return round;
        }

        return _kept.Length;
    }
}
