using System.IO.Compression;
using System.Text;
using Amnre.Engine.Benchmarks;
using Amnre.Engine.Checkpoints;
using Amnre.Engine.Draws;
using Amnre.Engine.GravitationalWaves;
using Amnre.Engine.Histograms;
using Amnre.Engine.Masks;
using Amnre.Engine.Observations;
using Amnre.Engine.Programs;
using Amnre.Engine.ReducedBases;
using Amnre.Engine.Rows;
using Amnre.Engine.SampleFiles;
using Amnre.Testing;

namespace Amnre.Fuzz.Tests;

/// <summary>Parsers of bytes: weights, histograms, samples, draws, packs, replies of programs.</summary>
internal static class BinaryTargets
{
    private const int Small = 1 << 15;

    /// <summary>A table of three draws, and runs of bytes after it.</summary>
    private const string PackedSamples =
        "QlpoOTFBWSZTWdHOCa8AABxbgIIQACVyAAAAskAEAAAIIAAxTAATQbVE2k20oeo+SRWRtEklKiTAz5YUMv3Ja2rW6j8XckU4UJDRzgmv";

    public static readonly string[] Zip = ["PK\u0001\u0002", "PK\u0003\u0004", "PK\u0005\u0006", "archive/data.pkl", "archive/data/0"];

    /// <summary>Operations of pickles, and what they would run were they run.</summary>
    public static readonly string[] Pickle =
    [
        "(", ".", "0", "1", "2", "R", "Q", "b", "a", "e", "s", "u", "t", "l", "d", "]", "}", ")", "N", "q\u0001", "h\u0000", "h\u0001",
        "\u0094", "\u0085", "\u0087",
        "J\u00ff\u00ff\u00ff\u007f", "\u008a\u0008\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f", "cos\nsystem\n", "cbuiltins\neval\n",
        "X\u0011\u0000\u0000\u0000touch amnre-canary\u0085R",
        "ctorch._utils\n_rebuild_tensor_v2\n", "ctorch._utils\n_rebuild_sparse_tensor\n", "ctorch\nFloatStorage\n",
        "ccollections\nOrderedDict\n)R",
    ];

    public static readonly string[] Hdf5 = ["\u0089HDF\r\n\u001a\n", "OHDR", "OCHK", "TREE", "SNOD", "HEAP", "FRHP", "FHDB", "FHIB", "BTHD",
        "BTLF", "BTIN", "GCOL", "FAHD", "FADB", "EAHD", "EAIB", "EADB", "EASB", "theta", "x", "mu", "sigma"];

    /// <summary>Of the header of safetensors.</summary>
    public static readonly string[] HeaderWords = ["{", "[", "\"F32\"", "\"a\":", "null,", "\"__metadata__\":{\"a\":1},"];

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        FuzzTarget.OfFile("weights", 10, ".pth", _ => Weights(), Zip, path => StateFile.Read(path)),
        FuzzTarget.OfFile("histogram", 10, ".pth", Histograms, Zip, path => HistogramFile.Read(path)),
        new("pickle", 20, Pickles, Pickle, (pickle, _) => ReadPickle(pickle), error => error is FormatException or OverflowException),
        FuzzTarget.OfFile("safetensors", 20, ".safetensors", Safetensors, HeaderWords, path => SafetensorsFile.Read(path)),
        FuzzTarget.OfFile("packed-samples", 8, ".csv.bz2", _ => [Convert.FromBase64String(PackedSamples)], ["BZh9", "1AY&SY", "\u0017rE8P"],
            path => ReferenceSamples.Read(path, 2, 3)) with { Memory = 512 << 20 },
        FuzzTarget.OfFile("reference-samples", 20, ".csv", _ => [Encoding.UTF8.GetBytes("a,b\n0.5,0.25\n1,2\n3,4e-3\n")],
            [",", "\n", "\r\n", "NaN", "inf", "1e999", "-", "\""], path => ReferenceSamples.Read(path, 2, 3)),
        FuzzTarget.OfFile("samples", 4, ".h5", Samples, Hdf5, ReadSamples),
        FuzzTarget.OfFile("observation-numpy", 8, ".npy", Numpy,
            ["descr", "fortran_order", "True", "shape", "(2, 3)", "'<f8'", "'>i2'", "'|O'"], path => ObservationFile.Read(path, null)),
        FuzzTarget.OfFile("observation-archive", 8, ".npz", Archive, ["PK", "x.npy", "y.npy"], path => ObservationFile.Read(path, "x")),
        FuzzTarget.OfFile("observation-hdf5", 2, ".h5", Draws, Hdf5, path => ObservationFile.Read(path, "110")),
        FuzzTarget.OfFile("draws", 4, ".h5", Draws, Hdf5, path => DrawsFile.Read(path, ParameterMask.Parse("110"))),
        FuzzTarget.OfFile("wave-pack", 1, ".h5", Packs, Hdf5, path => WavePack.Open(path, "/")),
        FuzzTarget.OfFile("basis", 1, ".npy", _ => [Numpy()], ["'shape': (8193, 1)", "(", "9", "'<c8'"], path => BasisFile.Read(path, 1)),
        new("frames", 20, _ => [Frame()], ["AMRP", "AMRQ", "\0\0\0\0"], (reply, _) => ReadFrame(reply), error => error is ProgramException),
    ];

    private static IReadOnlyList<byte[]> Weights() =>
        [.. Repository.Files("tests/Amnre.Engine.Tests/Golden/models", "*.pth", 6000)
            .Concat(Repository.Files("tests/Amnre.Engine.Tests/Golden/fixtures", "*_0_00110.pth", Small)).Select(File.ReadAllBytes)];

    public static List<byte[]> Histograms(string folder)
    {
        var (dense, sparse, log) = (Path.Combine(folder, "dense.pth"), Path.Combine(folder, "sparse.pth"), Path.Combine(folder, "log.pth"));
        HistogramFile.Write(dense, new Histogram(ParameterMask.Parse("0110"), 3, [.. Enumerable.Repeat(1f / 9, 9)]));
        HistogramFile.Write(sparse, new SparseHistogram(ParameterMask.Parse("0110"), 100, [0, 1, 5, 7, 99, 0], [0.5f, 0.25f, 0.25f]));
        HistogramFile.Write(log, new Histogram(ParameterMask.Parse("0110"), 2, [0.1f, 0.2f, 0.3f, 0.4f]), ParameterMask.Parse("0010"));
        return [File.ReadAllBytes(dense), File.ReadAllBytes(sparse), File.ReadAllBytes(log)];
    }

    public static List<byte[]> Pickles(string folder) => PicklesOf(Weights().Concat(Histograms(folder)));

    public static List<byte[]> PicklesOf(IEnumerable<byte[]> files) => files.Select(file =>
    {
        using var archive = new ZipArchive(new MemoryStream(file));
        using var stream = archive.Entries.First(entry => entry.Name == "data.pkl").Open();
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }).ToList();

    /// <summary>With records of 4 KiB, whatever their names.</summary>
    private static void ReadPickle(byte[] pickle) =>
        new PickleReader(pickle, new TorchVocabulary(new TorchRecords(Records.Value, "archive", 40 * 4096))).Read();

    private static readonly Lazy<ZipArchive> Records = new(() =>
    {
        var memory = new MemoryStream();
        using (var archive = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            for (var i = 0; i < 40; i++)
            {
                using var stream = archive.CreateEntry($"archive/data/{i}", CompressionLevel.NoCompression).Open();
                stream.Write(new byte[4096]);
            }
        }

        return new ZipArchive(memory);
    });

    public static List<byte[]> Safetensors(string folder)
    {
        var path = Path.Combine(folder, "seed.safetensors");
        new SafetensorsFile(
            new OrderedDictionary<string, StoredTensor>
            {
                ["a.weight"] = StoredTensor.Of<float>([1, 2, 3, 4, 5, 6], 2, 3),
                ["n"] = StoredTensor.Of<long>([7]),
            },
            new Dictionary<string, string> { ["state"] = "{\"step\":3}" }).Write(path);
        return [File.ReadAllBytes(path)];
    }

    private static List<byte[]> Samples(string folder)
    {
        var files = new List<byte[]> { File.ReadAllBytes(Path.Combine(Repository.Golden, "fixtures", "hh-event.h5")) };
        foreach (var compression in (int[])[0, 6])
        {
            var path = Path.Combine(folder, $"{compression}.h5");
            var origin = new SampleOrigin { Simulator = "SLCP", Seed = 1, FirstRow = 0, EndRow = 24 };
            using (var writer = new SampleFileWriter(path, new SampleLayout(24, 5, [4, 2], 8) { Compression = compression, Moments = true },
                origin))
            {
                for (var i = 0; i < 3; i++)
                    writer.Append(new float[8 * 5], Enumerable.Range(0, 8 * 8).Select(value => (float)value).ToArray());
                writer.Complete(origin, new ObservationMoments([.. Enumerable.Repeat(1f, 8)], [.. Enumerable.Repeat(2f, 8)]));
            }

            files.Add(File.ReadAllBytes(path));
        }

        // In the forms that other programs write.
        using var forms = ZipFile.OpenRead(Repository.Files("tests/Amnre.Engine.Tests/Golden", "hdf5-forms.zip", 1 << 18).Single());
        foreach (var form in forms.Entries.Where(entry => entry.Name.EndsWith(".h5", StringComparison.Ordinal)))
        {
            using var content = form.Open();
            var copy = new MemoryStream();
            content.CopyTo(copy);
            files.Add(copy.ToArray());
        }

        return files;
    }

    private static void ReadSamples(string path)
    {
        using var file = SampleFile.Open(path);
        var rows = (int)Math.Min(file.Rows, 16);
        var size = file.ObservationShape.Aggregate(1L, (a, b) => a * b);
        // Readers check the shape against their simulator's before they make room.
        if (size * rows > 1 << 16 || (long)file.ThetaSize * rows > 1 << 16) return;
        file.Read(0, new float[rows * file.ThetaSize], new float[rows * size]);
    }

    private static List<byte[]> Numpy(string folder)
    {
        var header = "{'descr': '<f8', 'fortran_order': True, 'shape': (2, 3), }\n";
        return [[0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header), .. new byte[48]]];
    }

    private static List<byte[]> Archive(string folder)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var name in (string[])["x.npy", "y.npy"])
            {
                using var member = archive.CreateEntry(name).Open();
                member.Write(Numpy(folder)[0]);
            }
        }

        return [stream.ToArray()];
    }

    private static List<byte[]> Draws(string folder)
    {
        var path = Path.Combine(folder, "draws.h5");
        DrawsFile.Write(new PosteriorDraws
        {
            Rows = [0, 3],
            Count = 5,
            Masks = [(ParameterMask.Parse("110"), new float[20]), (ParameterMask.Parse("001"), new float[10])],
        }, path);
        return [File.ReadAllBytes(path)];
    }

    private static List<byte[]> Packs(string folder)
    {
        var path = Path.Combine(folder, "pack.h5");
        WavePack.Write(path, WaveSetting.Design, 1126259462.4);
        return [File.ReadAllBytes(path)];
    }

    private static byte[] Numpy()
    {
        var header = "{'descr': '<c8', 'fortran_order': False, 'shape': (8193, 1), }\n"u8.ToArray();
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. header, .. new byte[8193 * 8]];
    }

    private static readonly RowBatch Batch = new(7, 1, 0, [1, 2, 3], new float[6]);

    private static byte[] Frame() => [.. "AMRP"u8, 1, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, .. new byte[24]];

    private static void ReadFrame(byte[] reply)
    {
        var stream = new MemoryStream(reply);
        FrameProtocol.ReadReplyAsync(stream, Batch, new float[6], new ReceivedBytes(), CancellationToken.None).GetAwaiter().GetResult();
    }
}
