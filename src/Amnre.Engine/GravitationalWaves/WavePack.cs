using System.Security.Cryptography;
using Amnre.Engine.Detectors;
using Amnre.Engine.Hdf5;
using Amnre.Engine.ReducedBases;
using Amnre.Engine.Simulators;
using Amnre.Engine.Waveforms;
using PureHDF;

namespace Amnre.Engine.GravitationalWaves;

/// <summary>A file from which the simulator of gravitational waves knows its setting: HDF5 with <c>psd</c> (2, 8193), and if there is one
/// the whitened event <c>event</c> (2, 8193, 2) and a reduced basis <c>V</c> (8193, columns, 2). It is a simulator, named by its
/// path.</summary>
internal static class WavePack
{
    private const int Version = 1;

    private static ReadOnlySpan<long> SpectrumShape => [2, FrequencyGrid.Bins];

    /// <param name="reference">Path, perhaps with the digest of the content meant.</param>
    /// <param name="folder">Where a relative path starts.</param>
    /// <exception cref="InputException">Not a pack, or not the one meant.</exception>
    public static GravitationalWave Open(string reference, string folder)
    {
        var (path, expected) = SimulatorReference.Split(reference);
        path = Path.GetFullPath(path, folder);
        try
        {
            if (!File.Exists(path)) throw new InputException("there is no such file: make one with 'amnre gw prepare'");
            string digest;
            using (var stream = PlainFile.Open(path))
            {
                digest = Convert.ToHexStringLower(SHA256.HashData(stream));
            }

            if (expected is not null && digest != expected)
                throw new InputException("it has changed since this work was planned: submit the experiment again, or put it back");
            return new GravitationalWave(PackValues.Reading(path, file => Read(file, SimulatorReference.Join(path, digest))));
        }
        catch (Exception error) when (error is InputException or IOException or UnauthorizedAccessException)
        {
            throw new InputException($"simulator '{path}': {error.Message}", error);
        }
    }

    public static void Write(string path, WaveSetting setting, double eventTime) => AtomicFile.Write(path, stream =>
    {
        var file = new H5File
        {
            ["psd"] = new H5Dataset(setting.Observatory.Noise.SelectMany(noise => noise.Density).ToArray(),
                fileDims: [2, FrequencyGrid.Bins]),
        };
        if (setting.Event is { } spectra)
            file["event"] = new H5Dataset(spectra.SelectMany(Singles).ToArray(), fileDims: [2, FrequencyGrid.Bins, 2]);
        if (setting.Basis is { } basis) file["V"] = new H5Dataset(basis.Values, fileDims: [FrequencyGrid.Bins, (ulong)basis.Columns, 2]);
        file.Attributes["version"] = (double)Version;
        file.Attributes["columns"] = (double)setting.Columns;
        file.Attributes["event_time"] = eventTime;
        file.Attributes["sidereal_time"] = setting.Observatory.SiderealTime;
        file.Attributes["window_factor"] = setting.Observatory.WindowFactor;
        file.Attributes["noise_std"] = setting.Observatory.NoiseDeviation;
        file.Write(stream);
    });

    private static WaveSetting Read(Hdf5File file, string name)
    {
        if (file.Number("version") != Version)
            throw new InputException("it was made by another version: make it again with 'amnre gw prepare'");
        var columns = file.Number("columns");
        if (!(columns is >= 1 and <= WaveSetting.MaxColumns && columns == Math.Floor(columns)))
            throw new InputException($"'columns' is {columns}: from 1 to {WaveSetting.MaxColumns}");
        var window = file.Number("window_factor");
        if (window is not (> 0 and <= 1)) throw new InputException($"'window_factor' is {window}: above 0, at most 1");
        var psd = file.Exactly("psd", SpectrumShape).Doubles();
        NoiseSpectrum[] noise = [new(psd.AsSpan(0, FrequencyGrid.Bins)), new(psd.AsSpan(FrequencyGrid.Bins))];
        return new WaveSetting
        {
            Name = name,
            Observatory = new Observatory(noise, file.Number("sidereal_time"), window),
            Columns = (int)columns,
            Basis = file.Has("V")
                ? new ReducedBasis(file.Exactly("V", FrequencyGrid.Bins, (long)columns, 2).Singles(), (int)columns)
                : null,
            Event = file.Has("event") ? Spectra(file.Exactly("event", [.. SpectrumShape, 2]).Singles()) : null,
        };
    }

    private static IEnumerable<float> Singles(Spectrum spectrum)
    {
        for (var k = 0; k < FrequencyGrid.Bins; k++)
        {
            var isSignal = k >= FrequencyGrid.First;
            yield return isSignal ? (float)spectrum.Real[k] : 0;
            yield return isSignal ? (float)spectrum.Imaginary[k] : 0;
        }
    }

    private static Spectrum[] Spectra(float[] values)
    {
        if (!values.All(float.IsFinite)) throw new InputException("'event' holds a value that is not finite");
        var spectra = new Spectrum[] { new() { End = FrequencyGrid.Bins }, new() { End = FrequencyGrid.Bins } };
        for (var detector = 0; detector < 2; detector++)
        {
            for (var k = 0; k < FrequencyGrid.Bins; k++)
            {
                var at = (detector * FrequencyGrid.Bins + k) * 2;
                (spectra[detector].Real[k], spectra[detector].Imaginary[k]) = (values[at], values[at + 1]);
            }
        }

        return spectra;
    }
}
