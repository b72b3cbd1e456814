using System.Globalization;
using System.Text;
using Amnre.Engine.Masks;
using Amnre.Engine.Tables;

namespace Amnre.Engine.Draws;

/// <summary>What the true parameters' place among draws of their posteriors says.</summary>
internal static class DrawDiagnostics
{
    /// <summary>Ranks per bin of the test of uniformity, at least; fewer make its statistic no longer normal.</summary>
    private const int RowsPerBin = 5;

    /// <summary>Writes the tables <c>ranks</c> (how many draws are below each true parameter, <see cref="RankCalibration"/>),
    /// <c>tarp</c> (<see cref="RandomPointCoverage"/>) and <c>diagnostics</c>, what both say by mask; each with the names of the
    /// parameters that a line is of.</summary>
    /// <param name="path">Of a table.</param>
    /// <returns>The files, and the worst of each measure by size of masks, for summaries.</returns>
    /// <exception cref="InputException">Rows without true parameters.</exception>
    public static (IReadOnlyList<string> Files, IReadOnlyList<(string Name, double Value)> Worst) Write(
        PosteriorDraws draws, string samples, Func<string, string> path, ulong seed)
    {
        var worst = new SortedDictionary<string, double>(StringComparer.Ordinal);
        void Measured(string name, int size, double value) =>
            worst[$"max_{name}_{size}d"] = Math.Max(value, worst.GetValueOrDefault($"max_{name}_{size}d", double.NegativeInfinity));

        var (rows, count) = (draws.Rows.Count, draws.Count);
        if (draws.Theta is not { } theta)
            throw new InputException($"samples file '{samples}' has no 'theta': diagnostics need the true parameters");
        if (Array.FindIndex(theta, value => !float.IsFinite(value)) is >= 0 and var place)
            throw new InputException($"samples file '{samples}': theta of row {draws.Rows[place / (theta.Length / rows)]} is not a " +
                "number, which has no rank among draws: leave the row out, or give its true parameters");
        var (ranks, fractions, summary) = (new StringBuilder("index,mask,parameter,rank,draws,name\n"),
            new StringBuilder("index,mask,fraction,parameters\n"), new StringBuilder("mask,parameter,measure,value,name\n"));
        foreach (var (mask, values) in draws.Masks)
        {
            var (truth, indices) = (MaskedRows.Of(mask, theta), mask.Indices());
            var (all, names) = (CsvCell.Of(draws.Names, mask),
                Array.ConvertAll(indices, parameter => CsvCell.Of(draws.Names, new ParameterMask(1u << parameter, mask.Size))));
            var found = RankCalibration.Ranks(truth, values, mask.Count);
            var bins = Enumerable.Range(1, Math.Max(1, rows / RowsPerBin)).Last(bins => (count + 1) % bins == 0);
            for (var k = 0; k < indices.Length; k++)
            {
                for (var row = 0; row < rows; row++)
                    ranks.Append(
                        CultureInfo.InvariantCulture, $"{draws.Rows[row]},{mask},{indices[k]},{found[row, k]},{count},{names[k]}\n");
                if (bins == 1) continue;
                var excess = RankCalibration.Excess(found, k, count, bins);
                Measured("rank_excess", mask.Count, excess);
                summary.Append(CultureInfo.InvariantCulture, $"{mask},{indices[k]},rank_excess,{excess:R},{names[k]}\n");
            }

            var nearer = RandomPointCoverage.Fractions(truth, values, mask.Count, seed);
            for (var row = 0; row < rows; row++)
                fractions.Append(CultureInfo.InvariantCulture, $"{draws.Rows[row]},{mask},{nearer[row]:R},{all}\n");
            var deviation = RandomPointCoverage.Deviation(nearer);
            Measured("tarp_deviation", mask.Count, deviation);
            summary.Append(CultureInfo.InvariantCulture, $"{mask},,tarp_deviation,{deviation:R},{all}\n");
        }

        var written = new[] { ("ranks", ranks), ("tarp", fractions), ("diagnostics", summary) };
        foreach (var (name, text) in written) AtomicFile.WriteText(path(name), text.ToString());
        return ([.. written.Select(pair => path(pair.Item1))], [.. worst.Select(pair => (pair.Key, pair.Value))]);
    }
}
