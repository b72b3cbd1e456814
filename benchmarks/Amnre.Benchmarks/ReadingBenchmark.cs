using System.Globalization;
using Amnre.Engine.SampleFiles;

namespace Amnre.Benchmarks;

/// <summary>Reading observations of the two shapes of the original's simulators, chunk by chunk as training does, against h5py.</summary>
internal static class ReadingBenchmark
{
    public static IEnumerable<string> Run()
    {
        using var folder = new ScratchFolder();
        foreach (var (rows, shape, chunk) in new (int, int[], int)[] { (1 << 20, [4, 2], 1 << 16), (1 << 15, [2, 128, 2], 1 << 13) })
            yield return Compare(Path.Combine(folder.Root, "rows.h5"), rows, shape, chunk);
    }

    private static string Compare(string path, int rows, int[] shape, int chunk)
    {
        var size = shape.Aggregate(1, (a, b) => a * b);
        Write(path, rows, shape, chunk, size);
        var ours = new List<double>();
        var theirs = new List<double>();
        using var peer = Peer.OfScript("read_rows.py", new Dictionary<string, string>(), path, $"{chunk}");
        float[] theta = new float[chunk], x = new float[chunk * size];
        for (var i = 0; i < Measurement.Repeats; i++)
        {
            ours.Add(Pairs.Seconds(() =>
            {
                using var file = SampleFile.Open(path);
                for (var row = 0; row < rows; row += chunk) file.Read(row, theta, x);
            }));
            if (peer?.Turn() is [var seconds]) theirs.Add(seconds);
        }

        var megabytes = (double)rows * (size + 1) * sizeof(float) / 1e6;
        var line = string.Create(CultureInfo.InvariantCulture,
            $"reading ({rows}, {string.Join(", ", shape)}) float32: {megabytes / Pairs.Median(ours):0} MB/s");
        return theirs.Count == 0
            ? $"{line}; no /usr/bin/python3 with h5py to compare with"
            : string.Create(CultureInfo.InvariantCulture,
                $"{line}; h5py {megabytes / Pairs.Median(theirs):0} MB/s ({Pairs.Median(theirs) / Pairs.Median(ours):P0} of its rate)");
    }

    private static void Write(string path, int rows, int[] shape, int chunk, int size)
    {
        var origin = new SampleOrigin { Simulator = "benchmark", Seed = 0, FirstRow = 0, EndRow = rows };
        float[] theta = new float[chunk], x = new float[chunk * size];
        for (var i = 0; i < x.Length; i++) x[i] = i;
        using var writer = new SampleFileWriter(path, new SampleLayout(rows, 1, shape, chunk), origin);
        for (var row = 0; row < rows; row += chunk) writer.Append(theta, x);
        writer.Complete(origin, null);
    }
}
