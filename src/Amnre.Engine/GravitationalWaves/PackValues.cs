using Amnre.Engine.Datasets;
using PureHDF;
using PureHDF.VOL.Native;

namespace Amnre.Engine.GravitationalWaves;

/// <summary>Reading of HDF5 files that others may have made.</summary>
internal static class PackValues
{
    /// <summary>What <paramref name="read"/> makes of a file.</summary>
    /// <exception cref="InputException">The file is missing or damaged, or lacks what is asked of it.</exception>
    public static T Reading<T>(string path, Func<NativeFile, T> read)
    {
        try
        {
            using var file = Hdf5Input.Open(path);
            return read(file);
        }
        catch (Exception fault) when (fault is not InputException)
        {
            // The library throws whatever a damaged byte leads it to.
            throw new InputException($"it cannot be read as HDF5 of the kind wanted: {fault.Message}", fault);
        }
    }

    /// <summary>A dataset's numbers, when it has as many as asked for.</summary>
    public static T[] Exactly<T>(this NativeFile file, string name, params ReadOnlySpan<ulong> dimensions) where T : unmanaged
    {
        var dataset = file.Dataset(name);
        return dimensions.SequenceEqual(dataset.Space.Dimensions)
            ? dataset.Read<T[]>()
            : throw new InputException($"'{name}' is ({string.Join(", ", dataset.Space.Dimensions)}), not ({string.Join(", ", dimensions.ToArray())})");
    }

    /// <summary>A finite number of the root group.</summary>
    public static double Number(this NativeFile file, string name)
    {
        var value = file.Attribute(name).Read<double>();
        return double.IsFinite(value) ? value : throw new InputException($"'{name}' is {value}");
    }
}
