using System.Globalization;
using System.Text;
using Amnre.Engine.Masks;

namespace Amnre.Engine.Draws;

/// <summary>What the true parameters' place among draws of their posteriors says.</summary>
internal static class DrawDiagnostics
{
    /// <summary>Ranks per bin of the test of uniformity, at least; fewer make its statistic no longer normal.</summary>
    private const int RowsPerBin = 5;

    /// <summary>Writes <c>STEM_ranks.csv</c> (how many draws are below each true parameter, <see cref="RankCalibration"/>),
    /// <c>STEM_tarp.csv</c> (<see cref="RandomPointCoverage"/>) and <c>STEM_diagnostics.csv</c>, what both say by mask.</summary>
    /// <returns>The files.</returns>
    /// <exception cref="InputException">Rows without true parameters.</exception>
    public static IReadOnlyList<string> Write(PosteriorDraws draws, string samples, string stem, ulong seed)
    {
        var (rows, count) = (draws.Rows.Count, draws.Count);
        if (draws.Theta is not { } theta)
            throw new InputException($"samples file '{samples}' has no 'theta': diagnostics need the true parameters");
        if (Array.FindIndex(theta, value => !float.IsFinite(value)) is >= 0 and var place)
            throw new InputException($"samples file '{samples}': theta of row {draws.Rows[place / (theta.Length / rows)]} is not a number, " +
                "which has no rank among draws: leave the row out, or give its true parameters");
        var (ranks, fractions, summary) = (new StringBuilder("index,mask,parameter,rank,draws\n"),
            new StringBuilder("index,mask,fraction\n"), new StringBuilder("mask,parameter,measure,value\n"));
        foreach (var (mask, values) in draws.Masks)
        {
            var (truth, indices) = (MaskedRows.Of(mask, theta), mask.Indices());
            var found = RankCalibration.Ranks(truth, values, mask.Count);
            var bins = Enumerable.Range(1, Math.Max(1, rows / RowsPerBin)).Last(bins => (count + 1) % bins == 0);
            for (var k = 0; k < indices.Length; k++)
            {
                for (var row = 0; row < rows; row++)
                    ranks.Append(CultureInfo.InvariantCulture, $"{draws.Rows[row]},{mask},{indices[k]},{found[row, k]},{count}\n");
                if (bins > 1)
                    summary.Append(CultureInfo.InvariantCulture,
                        $"{mask},{indices[k]},rank_excess,{RankCalibration.Excess(found, k, count, bins):R}\n");
            }

            var nearer = RandomPointCoverage.Fractions(truth, values, mask.Count, seed);
            for (var row = 0; row < rows; row++)
                fractions.Append(CultureInfo.InvariantCulture, $"{draws.Rows[row]},{mask},{nearer[row]:R}\n");
            summary.Append(CultureInfo.InvariantCulture, $"{mask},,tarp_deviation,{RandomPointCoverage.Deviation(nearer):R}\n");
        }

        var written = new[] { ("ranks", ranks), ("tarp", fractions), ("diagnostics", summary) };
        foreach (var (name, text) in written) AtomicFile.WriteText($"{stem}_{name}.csv", text.ToString());
        return [.. written.Select(pair => $"{stem}_{pair.Item1}.csv")];
    }
}
