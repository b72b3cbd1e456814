using Amnre.Engine.Hdf5;

namespace Amnre.Engine.Detectors;

/// <summary>Reading of HDF5 files that others may have made.</summary>
internal static class PackValues
{
    /// <summary>What <paramref name="read"/> makes of a file.</summary>
    /// <exception cref="InputException">The file is missing or damaged, or lacks what is asked of it.</exception>
    public static T Reading<T>(string path, Func<Hdf5File, T> read)
    {
        try
        {
            using var file = Hdf5File.Open(path);
            return read(file);
        }
        catch (Exception error) when (error is not InputException)
        {
            // Damage may show as any exception, such as an overflow.
            throw new InputException($"it cannot be read as HDF5 of the kind wanted: {error.Message}", error);
        }
    }

    /// <summary>A dataset of the lengths that are asked for.</summary>
    /// <exception cref="InputException">There is none, or of other lengths.</exception>
    public static Hdf5Dataset Exactly(this Hdf5File file, string name, params ReadOnlySpan<long> dimensions)
    {
        var dataset = file.Dataset(name);
        return dimensions.SequenceEqual(dataset.Dimensions)
            ? dataset
            : throw new InputException(
                $"'{name}' is ({string.Join(", ", dataset.Dimensions)}), not ({string.Join(", ", dimensions.ToArray())})");
    }

    /// <summary>A finite number of the root group.</summary>
    public static double Number(this Hdf5File file, string name)
    {
        var value = file.Attributes.Number(name);
        return double.IsFinite(value) ? value : throw new InputException($"'{name}' is {value}");
    }
}
