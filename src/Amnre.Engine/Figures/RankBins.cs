using Amnre.Engine.Drawing;
using Amnre.Engine.Masks;
using Amnre.Engine.Simulators;
using Amnre.Engine.Tables;

namespace Amnre.Engine.Figures;

/// <summary>Ranks of one true parameter among draws of posteriors of one mask, in bins.</summary>
/// <param name="Mask">Drawn together.</param>
/// <param name="Parameter">Whose ranks.</param>
/// <param name="Rows">Observations.</param>
/// <param name="Edges">Of the bins, from 0 to 1.</param>
/// <param name="Relative">Frequency in each bin, in units of what uniform ranks have.</param>
/// <param name="Band">For each bin where 95 % of uniform ranks of as many observations lie.</param>
internal sealed record RankBins(
    ParameterMask Mask, int Parameter, int Rows, double[] Edges, double[] Relative, (double Low, double High)[] Band)
{
    private const int RowsPerBin = 10, MaxBins = 20;

    /// <param name="paths">Tables of ranks, as evaluations write them. Several are averaged: replicates judge the same
    /// observations.</param>
    /// <param name="simulator">Whose parameters.</param>
    /// <exception cref="InputException">A table of another kind.</exception>
    public static IReadOnlyList<RankBins> Read(IReadOnlyList<string> paths, ISimulator simulator)
    {
        var found = new List<(ParameterMask Mask, int Parameter, string Path, int Rank, int Draws)>();
        foreach (var path in paths)
        {
            var table = CsvTable.Read(path);
            var (masks, parameters) = (table.Texts("mask"), table.Numbers("parameter"));
            var (ranks, draws) = (table.Numbers("rank"), table.Numbers("draws"));
            for (var i = 0; i < masks.Count; i++)
            {
                var mask = MaskLabel.Parse(masks[i], simulator, path);
                if (!(parameters[i] is >= 0 and < 32 && mask.Indices().Contains((int)parameters[i]) && draws[i] is >= 1 and < int.MaxValue
                    && ranks[i] >= 0 && ranks[i] <= draws[i]))
                    throw new InputException($"table '{path}' row {i + 1} is no rank: expected a parameter of the mask, and a rank " +
                        "from 0 to the number of draws");
                found.Add((mask, (int)parameters[i], path, (int)ranks[i], (int)draws[i]));
            }
        }

        return [.. found.GroupBy(one => (one.Mask, one.Parameter)).Select(group =>
        {
            var (tables, draws) = (group.Select(one => one.Path).Distinct().Count(), group.First().Draws);
            return group.All(one => one.Draws == draws)
                ? Of(group.Key.Mask, group.Key.Parameter, [.. group.Select(one => one.Rank)], draws, tables)
                : throw new InputException($"'{group.First().Path}': ranks of mask {group.Key.Mask} are among {draws} draws and among " +
                    "others: take tables of as many draws");
        })];
    }

    /// <param name="ranks">Of all tables.</param>
    /// <param name="draws">L: ranks are from 0 to L.</param>
    /// <param name="tables">How many tables the ranks come from.</param>
    public static RankBins Of(ParameterMask mask, int parameter, IReadOnlyList<int> ranks, int draws, int tables)
    {
        var rows = Math.Max(1, ranks.Count / tables);
        var bins = Math.Clamp(rows / RowsPerBin, 1, Math.Min(MaxBins, draws + 1));
        var starts = Enumerable.Range(0, bins + 1).Select(bin => (int)((long)bin * (draws + 1) / bins)).ToArray();
        var (relative, band) = (new double[bins], new (double, double)[bins]);
        foreach (var rank in ranks) relative[Array.FindLastIndex(starts, bins - 1, start => start <= rank)]++;
        for (var bin = 0; bin < bins; bin++)
        {
            var chance = (double)(starts[bin + 1] - starts[bin]) / (draws + 1);
            relative[bin] /= ranks.Count * chance;
            var (low, high) = BinomialBand.Of(rows, chance);
            band[bin] = (low / chance, high / chance);
        }

        return new RankBins(mask, parameter, rows, [.. starts.Select(start => (double)start / (draws + 1))], relative, band);
    }
}
