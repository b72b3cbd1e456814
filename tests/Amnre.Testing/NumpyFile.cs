using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;

namespace Amnre.Testing;

/// <summary>Files as NumPy writes them.</summary>
public static class NumpyFile
{
    /// <summary><c>numpy.save</c> of an array of float64.</summary>
    public static void Write(string path, double[] values, params long[] shape) => File.WriteAllBytes(path, Bytes(values, shape));

    /// <summary><c>numpy.savez_compressed</c> of arrays of float64.</summary>
    public static void WriteArchive(string path, params (string Name, double[] Values, long[] Shape)[] arrays)
    {
        File.Delete(path);
        using var archive = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach (var (name, values, shape) in arrays)
        {
            using var entry = archive.CreateEntry($"{name}.npy").Open();
            entry.Write(Bytes(values, shape));
        }
    }

    private static byte[] Bytes(double[] values, long[] shape)
    {
        var text = $"{{'descr': '<f8', 'fortran_order': False, 'shape': ({string.Concat(shape.Select(length => $"{length}, "))}), }}";
        var padded = text.PadRight((text.Length + 10 + 64) / 64 * 64 - 11) + "\n";
        return [0x93, .. "NUMPY"u8, 1, 0, .. BitConverter.GetBytes((ushort)padded.Length), .. Encoding.ASCII.GetBytes(padded),
            .. MemoryMarshal.AsBytes<double>(values)];
    }
}
