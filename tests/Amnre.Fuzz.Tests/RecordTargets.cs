using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Amnre.Engine.Checkpoints;
using Amnre.Engine.Detectors;
using Amnre.Engine.Histograms;
using Amnre.Engine.Optimization;
using Amnre.Engine.ReducedBases;
using Amnre.Engine.Settings;
using Amnre.Engine.Tables;
using Amnre.Engine.Training;
using Amnre.Jobs.Artifacts;
using PureHDF;

namespace Amnre.Fuzz.Tests;

/// <summary>Files whose outside is sound and whose inside is not: what a change of bytes would seldom get past.</summary>
internal static class RecordTargets
{
    private const int Columns = 2;

    private static readonly string[] Headers =
    [
        """{"a.weight":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"n":{"dtype":"I64","shape":[1],"data_offsets":[24,32]},"e":{"dtype":"BOOL","shape":[0],"data_offsets":[32,32]}}""",
        """{"__metadata__":{"state":"{}"},"a":{"dtype":"F64","shape":[],"data_offsets":[0,8]}}""",
    ];

    private static readonly string State = TrainingCheckpoint.WriteState(new TrainingState
    {
        Epoch = 3,
        Step = 2,
        Schedule = new ScheduleState(1e-3),
        Losses = [0.5f, 0.25f],
        BestLoss = 0.5f,
        History = [new EpochStatistics(1, 2, 1e-3, 0.5f, 0.1f, null, null)],
        Started = new DateTime(2024, 1, 2, 3, 4, 5, DateTimeKind.Local),
    });

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        // The archive is whole whatever its pickle says.
        FuzzTarget.OfFile("packed-pickle", 10, ".pth", BinaryTargets.Pickles, BinaryTargets.Pickle, path =>
        {
            Pack(path);
            StateFile.Read(path);
        }) with { Read = null },
        FuzzTarget.OfFile("packed-histogram", 10, ".pth", folder => BinaryTargets.PicklesOf(BinaryTargets.Histograms(folder)),
            BinaryTargets.Pickle, path =>
        {
            Pack(path);
            HistogramFile.Read(path);
        }) with { Read = null },
        // The length before the header is always its own.
        FuzzTarget.OfFile("safetensors-header", 20, ".safetensors", _ => [.. Headers.Select(Encoding.UTF8.GetBytes)],
            BinaryTargets.HeaderWords, path =>
        {
            var header = File.ReadAllBytes(path);
            var length = new byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
            File.WriteAllBytes(path, [.. length, .. header, .. new byte[64]]);
            SafetensorsFile.Read(path);
        }) with { IsText = true, Read = null },
        // A checkpoint is known by the digest in its name, so it is given that of its content.
        FuzzTarget.OfFile("checkpoint", 10, ".safetensors", BinaryTargets.Safetensors, BinaryTargets.HeaderWords, path =>
        {
            var folder = path + "-checkpoints";
            Directory.CreateDirectory(folder);
            var name = Path.Combine(folder,
                $"checkpoint-00000001-00000001-{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))}.safetensors");
            File.Move(path, name);
            try
            {
                if (new CheckpointFolder(folder).Latest(_ => null, static _ => { }) is null) throw new Engine.InputException("passed over");
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }) with { Read = null },
        FuzzTarget.OfText("checkpoint-state", [State],
            ["[", "{", "null,", "\"Epoch\":", "1e999", "\"NaN\"", "\"History\":[null],", "{\"Settings\":{},\"Inputs\":null,",
                "\"SkippedSteps\":null,"],
            text =>
            {
                _ = new TrainingIdentity([], 1, 0, InputDigests.None).Difference(text);
                TrainingCheckpoint.ReadState(text);
            }, error => error is Engine.InputException),
        FuzzTarget.OfText("store-identity", ["{\"id\":\"0123456789abcdef0123456789abcdef\"}\n"], ["[", "{", "null,", "\"id\":", "\\ud800"],
            text => StoreIdentity.Parse("store.json", Encoding.UTF8.GetBytes(text)), error => error is Engine.InputException),
        FuzzTarget.OfFile("strain-hdf5", 1, ".hdf5", Strains, BinaryTargets.Hdf5, path => StrainFile.Segment(path, 1126259462.4, null)),
        FuzzTarget.OfFile("basis-hdf5", 1, ".h5", Bases, BinaryTargets.Hdf5, path => BasisFile.Read(path, Columns)),
    ];

    /// <summary>A mask of four parameters, two of them set.</summary>
    private static readonly byte[] Flags = [0, 1, 1, .. new byte[4093]];

    private static readonly byte[] Record = new byte[4096];

    private static void Pack(string path)
    {
        var pickle = File.ReadAllBytes(path);
        using var archive = new ZipArchive(new FileStream(path, FileMode.Create), ZipArchiveMode.Create);
        Add("archive/data.pkl", pickle);
        Add("archive/byteorder", "little"u8);
        Add("archive/version", "3\n"u8);
        for (var i = 0; i < 40; i++) Add($"archive/data/{i}", i == 0 ? Flags : Record);

        void Add(string name, ReadOnlySpan<byte> content)
        {
            using var stream = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
            stream.Write(content);
        }
    }

    /// <summary>As the Gravitational Wave Open Science Center lays them out, with an event in the middle.</summary>
    private static List<byte[]> Strains(string folder)
    {
        var strain = new H5Dataset(Enumerable.Range(0, 10 * 4096).Select(i => 1e-21 * Math.Sin(i)).ToArray());
        strain.Attributes["Xspacing"] = 1.0 / 4096;
        var file = new H5File
        {
            ["strain"] = new H5Group { ["Strain"] = strain },
            ["meta"] = new H5Group { ["GPSstart"] = new H5Dataset(1126259455L) },
        };
        return [Written(folder, file)];
    }

    private static List<byte[]> Bases(string folder)
    {
        var path = Path.Combine(folder, "basis.h5");
        BasisFile.Write(path, new float[8193 * Columns * 2], Columns, [2, 1], [0.1], new BasisSettings { Simulator = "GW" });
        return [File.ReadAllBytes(path)];
    }

    private static byte[] Written(string folder, H5File file)
    {
        var path = Path.Combine(folder, "file.h5");
        file.Write(path);
        return File.ReadAllBytes(path);
    }
}
