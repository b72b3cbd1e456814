using PureHDF;
using PureHDF.VOL.Native;

namespace Amnre.Engine.Datasets;

/// <summary>HDF5 files for reading.</summary>
internal static class Hdf5Input
{
    /// <summary>Opens the file at <paramref name="path"/>; where its head is damaged, nothing stays open, which the library's own
    /// opening by path does not see to.</summary>
    /// <remarks>Damage shows as whatever exception it leads the library to.</remarks>
    public static NativeFile Open(string path)
    {
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        try
        {
            return H5File.Open(stream);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }
}
