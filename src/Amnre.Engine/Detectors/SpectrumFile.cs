using Amnre.Engine.Waveforms;

namespace Amnre.Engine.Detectors;

/// <summary>Noise spectra of files: two columns, frequency in Hz and power spectral density in 1/Hz.</summary>
internal static class SpectrumFile
{
    /// <exception cref="InputException">The file does not reach from 20 to 1024 Hz, or is no spectrum.</exception>
    public static NoiseSpectrum Read(string path)
    {
        var columns = SeriesFile.Read(path);
        if (columns.Length != 2)
            throw new InputException(
                $"noise spectrum '{path}' has {columns.Length} columns: give two, frequency in Hz and density in 1/Hz");
        try
        {
            return new NoiseSpectrum(OnGrid(columns[0], columns[1]));
        }
        catch (InputException error)
        {
            throw new InputException($"noise spectrum '{path}': {error.Message}", error);
        }
    }

    /// <summary>The density of each bin: as given where the frequencies are the grid's, else between neighbours on a straight line of
    /// ln S over ln f.</summary>
    private static double[] OnGrid(double[] frequency, double[] density)
    {
        const double First = FrequencyGrid.First * FrequencyGrid.Spacing, Last = FrequencyGrid.End * FrequencyGrid.Spacing;
        for (var i = 1; i < frequency.Length; i++)
            if (!(frequency[i] > frequency[i - 1])) throw new InputException($"its frequencies do not increase at {frequency[i]} Hz");
        if (frequency[0] > First || frequency[^1] < Last)
            throw new InputException($"it reaches from {frequency[0]} to {frequency[^1]} Hz: it must hold 20 to 1024 Hz");

        var values = new double[FrequencyGrid.Bins];
        var next = 0;
        for (var k = 0; k < FrequencyGrid.Bins; k++)
        {
            var f = k * FrequencyGrid.Spacing;
            while (next < frequency.Length - 1 && frequency[next] < f - 1e-9) next++;
            if (Math.Abs(frequency[next] - f) <= 1e-9 || next == 0)
            {
                values[k] = density[next];
                continue;
            }

            var (low, high) = (next - 1, next);
            if (!(frequency[low] > 0 && density[low] > 0 && density[high] > 0))
            {
                values[k] = density[high];
                continue;
            }

            var part = Math.Log(f / frequency[low]) / Math.Log(frequency[high] / frequency[low]);
            values[k] = density[low] * Math.Pow(density[high] / density[low], part);
        }

        return values;
    }
}
