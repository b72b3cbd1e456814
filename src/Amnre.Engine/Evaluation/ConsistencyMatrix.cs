using System.Globalization;
using Amnre.Engine.Histograms;
using Amnre.Engine.MassTransport;
using Amnre.Engine.Settings;

namespace Amnre.Engine.Evaluation;

/// <summary>How well the marginals of one observation agree where they overlap: for each pair of masks with common parameters
/// the earth mover's distance between their two marginals on these.</summary>
internal static class ConsistencyMatrix
{
    /// <summary>Writes the square table in the layout of the original program: masks in the order given as header and first
    /// column; empty on the diagonal and where nothing is common.</summary>
    public static void Write(string path, IReadOnlyList<Histogram> histograms, EvaluateSettings settings)
    {
        var cells = new string[histograms.Count, histograms.Count];
        for (var later = 0; later < histograms.Count; later++)
            for (var earlier = 0; earlier < later; earlier++)
                cells[later, earlier] = cells[earlier, later] =
                    Distance(histograms[later], histograms[earlier], settings)?.ToString("R", CultureInfo.InvariantCulture) ?? "";

        var lines = Enumerable.Range(0, histograms.Count).Select(i => string.Join(
            ',', Enumerable.Range(0, histograms.Count).Select(j => cells[i, j]).Prepend(histograms[i].Mask.ToString())));
        var header = string.Join(',', histograms.Select(histogram => histogram.Mask.ToString()).Prepend(""));
        AtomicFile.WriteText(path, string.Concat(lines.Prepend(header).Select(line => line + "\n")));
    }

    private static double? Distance(Histogram a, Histogram b, EvaluateSettings settings)
    {
        var common = a.Mask.Bits & b.Mask.Bits;
        if (common == 0) return null;
        var mask = new Masks.ParameterMask(common, a.Mask.Size);
        // The limit of cells is one of distances to the truth; only exact ones cannot do without.
        var limit = settings.Emd == DistanceMethod.Exact ? settings.EmdLimit : double.PositiveInfinity;
        return EarthMover.Between(settings with { EmdLimit = limit }, a.Marginal(mask), b.Marginal(mask));
    }
}
