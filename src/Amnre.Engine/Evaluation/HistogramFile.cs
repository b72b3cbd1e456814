using System.Text;
using Amnre.Engine.Masks;
using PureHDF;

namespace Amnre.Engine.Evaluation;

/// <summary>Histograms on disk: <c>mask</c> (its characters as bytes) and <c>hist</c> (float32, one dimension per parameter).</summary>
internal static class HistogramFile
{
    public const string Extension = ".h5";

    /// <summary><c>3_00110.h5</c> for observation row 3 and mask 00110.</summary>
    public static string NameOf(int row, ParameterMask mask) => $"{row}_{mask}{Extension}";

    public static void Write(string path, Histogram histogram)
    {
        var dimensions = Enumerable.Repeat((ulong)histogram.Bins, histogram.Mask.Count).ToArray();
        AtomicFile.Write(path, stream => new H5File
        {
            ["mask"] = Encoding.ASCII.GetBytes(histogram.Mask.ToString()),
            ["hist"] = new H5Dataset<float[]>(histogram.Values, fileDims: dimensions),
        }.Write(stream));
    }

    /// <exception cref="InputException">Missing, damaged, or not a histogram.</exception>
    public static Histogram Read(string path)
    {
        if (!File.Exists(path)) throw new InputException($"histogram '{path}': there is no such file");
        try
        {
            using var file = H5File.OpenRead(path);
            var mask = ParameterMask.Parse(Encoding.ASCII.GetString(file.Dataset("mask").Read<byte[]>()));
            var hist = file.Dataset("hist");
            var dimensions = hist.Space.Dimensions;
            var values = hist.Read<float[]>(memoryDims: [dimensions.Aggregate(1ul, (a, b) => a * b)]);
            return new Histogram(mask, checked((int)dimensions[0]), values);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // PureHDF reports damage by whatever exception the damage leads to.
            throw new InputException($"histogram '{path}' cannot be read, {fault.Message}", fault);
        }
    }
}
