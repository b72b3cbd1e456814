using System.Runtime.InteropServices;
using Amnre.Engine.Detectors;
using Amnre.Engine.Hdf5Structures;
using Amnre.Engine.Settings;
using Amnre.Engine.Waveforms;
using PureHDF;

namespace Amnre.Engine.ReducedBases;

/// <summary>A reduced basis in a file: HDF5 with <c>V</c> (8193, columns, 2) float32, <c>singular_values</c> and <c>mismatch</c>; the
/// original's, with V (8193, columns) complex64; or a NumPy array of the same.</summary>
internal static class BasisFile
{
    /// <param name="path">The file.</param>
    /// <param name="columns">Vectors wanted: the first of the file.</param>
    /// <exception cref="InputException">Not a basis, or of too few vectors.</exception>
    public static ReducedBasis Read(string path, int columns)
    {
        try
        {
            var (values, there) = path.EndsWith(".npy", StringComparison.OrdinalIgnoreCase)
                ? NumpyComplex.Read(path, FrequencyGrid.Bins)
                : ReadHdf5(path);
            if (there < columns) throw new InputException($"it has {there} vectors, but {columns} are needed: build one with as many");
            return new ReducedBasis(there == columns ? values : Truncated(values, there, columns), columns);
        }
        catch (Exception error) when (error is InputException or IOException or UnauthorizedAccessException)
        {
            throw new InputException($"reduced basis '{path}': {error.Message}", error);
        }
    }

    /// <param name="path">Where the file appears.</param>
    /// <param name="vectors">V.</param>
    /// <param name="columns">Its number of vectors.</param>
    /// <param name="singular">Their singular values.</param>
    /// <param name="mismatch">1 − match of strains that were held out.</param>
    /// <param name="settings">What it was built by.</param>
    public static void Write(string path, float[] vectors, int columns, double[] singular, double[] mismatch, BasisSettings settings) =>
        AtomicFile.Write(path, stream =>
        {
            var file = new H5File
            {
                ["V"] = new H5Dataset(vectors, fileDims: [FrequencyGrid.Bins, (ulong)columns, 2]),
                ["singular_values"] = new H5Dataset(singular),
                ["mismatch"] = new H5Dataset(mismatch),
            };
            file.Attributes["draws"] = settings.Draws;
            file.Attributes["held_out"] = settings.HeldOut;
            file.Attributes["seed"] = settings.Seed;
            file.Write(stream);
        });

    private static (float[] Values, int Columns) ReadHdf5(string path)
    {
        return PackValues.Reading(path, file =>
        {
            var dataset = file.Dataset("V");
            var dimensions = dataset.Dimensions;
            // The original's files hold complex numbers, as h5py writes them.
            if (dimensions is [FrequencyGrid.Bins, > 0 and <= WaveSetting.MaxColumns] && dataset.Type.Kind == StoredKind.ComplexSingle)
                return (MemoryMarshal.Cast<byte, float>(dataset.Stored()).ToArray(), (int)dimensions[1]);
            if (dimensions is not [FrequencyGrid.Bins, > 0 and <= WaveSetting.MaxColumns, 2])
                throw new InputException($"V is ({string.Join(", ", dimensions)}), not ({FrequencyGrid.Bins}, vectors, 2)");
            return (dataset.Singles(), (int)dimensions[1]);
        });
    }

    private static float[] Truncated(float[] values, int there, int columns)
    {
        var kept = new float[FrequencyGrid.Bins * columns * 2];
        for (var k = 0; k < FrequencyGrid.Bins; k++) values.AsSpan(k * there * 2, columns * 2).CopyTo(kept.AsSpan(k * columns * 2));
        return kept;
    }
}
