using Amnre.Engine.Histograms;
using Amnre.Engine.Settings;

namespace Amnre.Engine.MassTransport;

/// <summary>The earth mover's distance that the settings of an evaluation name.</summary>
internal static class EarthMover
{
    /// <param name="settings">Which distance, and for how many cells at most.</param>
    /// <param name="p">First histogram; of the same cells as <paramref name="q"/>.</param>
    /// <returns>In units of the parameters' ranges; null above the limit of cells and where not all cells are kept.</returns>
    public static double? Between(EvaluateSettings settings, IHistogram p, IHistogram q)
    {
        if (p is not Histogram first || q is not Histogram second || first.Values.Length > settings.EmdLimit) return null;
        return settings.Emd == DistanceMethod.Exact
            ? ExactTransport.Distance(first.Values, second.Values, first.Mask.Count, first.Bins)
            : EntropicTransport.Distance(first.Values, second.Values, first.Mask.Count, first.Bins, settings.Threads);
    }
}
