using Amnre.Engine.Histograms;

namespace Amnre.Engine.CornerPlots;

/// <summary>Spreads the masses of a histogram by a Gaussian, dimension by dimension: what was counted from samples is grainy.</summary>
internal static class HistogramSmoothing
{
    /// <summary>The Gaussian is cut off at this many deviations.</summary>
    private const double Reach = 4;

    /// <param name="histogram">Any number of dimensions.</param>
    /// <param name="sigma">Deviation in bins; 0 leaves the histogram as it is.</param>
    /// <returns>A histogram of the same mass: what would leave at an edge is reflected there.</returns>
    public static Histogram Smoothed(this Histogram histogram, double sigma)
    {
        if (sigma == 0) return histogram;
        var kernel = Kernel(sigma);
        var values = Array.ConvertAll(histogram.Values, value => (double)value);
        for (int dimension = 0, stride = 1; dimension < histogram.Mask.Count; dimension++, stride *= histogram.Bins)
            values = Along(values, stride, histogram.Bins, kernel);
        return new Histogram(histogram.Mask, histogram.Bins, Array.ConvertAll(values, value => (float)value));
    }

    private static double[] Along(double[] values, int stride, int bins, double[] kernel)
    {
        var spread = new double[values.Length];
        var reach = kernel.Length / 2;
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] == 0) continue;
            var place = i / stride % bins;
            var origin = i - place * stride;
            for (var k = -reach; k <= reach; k++) spread[origin + Reflected(place + k, bins) * stride] += kernel[k + reach] * values[i];
        }

        return spread;
    }

    private static int Reflected(int place, int bins)
    {
        var period = 2 * bins;
        var turned = (place % period + period) % period;
        return turned < bins ? turned : period - 1 - turned;
    }

    private static double[] Kernel(double sigma)
    {
        var reach = (int)Math.Ceiling(Reach * sigma);
        var kernel = new double[2 * reach + 1];
        for (var k = -reach; k <= reach; k++) kernel[k + reach] = Math.Exp(-0.5 * k * k / (sigma * sigma));
        var sum = kernel.Sum();
        return Array.ConvertAll(kernel, weight => weight / sum);
    }
}
