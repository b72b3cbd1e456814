using Amnre.Engine.Histograms;
using Amnre.Engine.Masks;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.CornerPlots;

/// <summary>The histograms of one series of a corner figure; those of the same parameters are averaged.</summary>
internal sealed class HistogramSeries
{
    private readonly List<IHistogram> _histograms;

    private readonly double _smooth;

    private readonly bool _marginalize;

    private HistogramSeries(List<IHistogram> histograms, double smooth, bool marginalize) =>
        (_histograms, _smooth, _marginalize) = (histograms, smooth, marginalize);

    /// <summary>Parameters that at least one histogram knows.</summary>
    public uint Known => _histograms.Aggregate(0u, (bits, histogram) => bits | histogram.Mask.Bits);

    /// <param name="smooth">Deviation in bins of the Gaussian that marginals are smoothed with; 0 for none.</param>
    /// <param name="marginalize">Whether marginals are also summed from histograms of more parameters.</param>
    /// <exception cref="InputException">A file that is not a histogram of this simulator.</exception>
    public static HistogramSeries Read(IReadOnlyList<string> paths, ISimulator simulator, double smooth, bool marginalize = true)
    {
        var histograms = new List<IHistogram>();
        foreach (var path in paths)
        {
            var histogram = HistogramFile.Read(path, out var logarithmic);
            if (histogram.Mask.Size != simulator.ThetaSize)
                throw new InputException(
                    $"histogram '{path}' is of {histogram.Mask.Size} parameters, but {simulator.PlainName} has {simulator.ThetaSize}");
            RequireCells(path, logarithmic, CellAxis.Logarithmic(simulator, histogram.Mask), simulator);
            histograms.Add(histogram);
        }

        return new HistogramSeries(histograms, smooth, marginalize);
    }

    private static void RequireCells(string path, ParameterMask logarithmic, ParameterMask expected, ISimulator simulator)
    {
        if (logarithmic == expected) return;
        string Names(uint bits) => string.Join(", ", new ParameterMask(bits, expected.Size).Indices().Select(i => simulator.Labels[i]));
        var linear = expected.Bits & ~logarithmic.Bits;
        throw new InputException(linear != 0
            ? $"histogram '{path}' has cells of equal width of {Names(linear)}, whose prior is log-uniform and whose cells are " +
                "logarithmic: evaluate again, earlier versions had no such cells"
            : $"histogram '{path}' has logarithmic cells of {Names(logarithmic.Bits & ~expected.Bits)}, whose prior is not log-uniform " +
                $"in {SimulatorReference.Plain(simulator.Name)}: name the simulator that it was made with");
    }

    /// <param name="histograms">Each of other parameters.</param>
    /// <inheritdoc cref="Read" path="/param"/>
    public static HistogramSeries Of(IReadOnlyList<IHistogram> histograms, double smooth) =>
        new([.. histograms], smooth, marginalize: false);

    /// <summary>The marginal of <paramref name="mask"/>, from histograms of just these parameters, else, where it may be summed, from the
    /// smallest that holds them; null when there is none.</summary>
    public Histogram? Find(ParameterMask mask)
    {
        var nearest = _histograms.Where(histogram => histogram.Mask == mask || (_marginalize && mask.IsSubsetOf(histogram.Mask)))
            .GroupBy(histogram => (histogram.Mask.Count, histogram.Bins))
            .OrderBy(group => group.Key.Count).FirstOrDefault();
        if (nearest is null) return null;
        var marginals = nearest.Select(histogram => histogram.Marginal(mask)).ToList();
        var values = new float[marginals[0].Values.Length];
        foreach (var marginal in marginals)
            for (var i = 0; i < values.Length; i++) values[i] += marginal.Values[i];
        var total = values.Sum(value => (double)value);
        return total > 0
            ? new Histogram(mask, marginals[0].Bins, Array.ConvertAll(values, value => (float)(value / total))).Smoothed(_smooth) : null;
    }
}
