using System.Security.Cryptography;
using Amnre.Engine.Catalog;
using Amnre.Engine.Datasets;
using Amnre.Engine.Rows;
using Amnre.Engine.SampleFiles;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Tests.Datasets;

public sealed class DatasetDrawingTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();
    private readonly ISimulator _slcp = SimulatorCatalog.Find("SLCP");

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public void Drawn_in_one_piece_or_gathered_from_shards_the_bytes_are_the_same(int shards)
    {
        var settings = new DrawSettings { Seed = 5, Rows = 5000, ChunkRows = 1024, Compression = 2, Moments = true, Dump = 7000 };
        Draw(settings, "whole.h5");
        var paths = Enumerable.Range(0, shards).Select(i => Shard(5000 * i / shards, 5000 * (i + 1) / shards)).ToList();
        var gather = new GatherSettings
        {
            Simulator = "SLCP",
            Seed = 5,
            Rows = 5000,
            ChunkRows = 1024,
            Compress = 2,
            Moments = true,
            Dump = 7000,
        };
        ShardGathering.Run(gather, _slcp, paths, _scratch["gathered"], RunContexts.Quiet);

        Assert.Equal(File.ReadAllBytes(_scratch["whole.h5"]), File.ReadAllBytes(_scratch["gathered/dataset.h5"]));
    }

    [Fact]
    public void Batches_and_threads_change_no_bytes()
    {
        var settings = new DrawSettings { Seed = 5, Rows = 3000, ChunkRows = 1000 };
        Draw(settings, "a.h5");
        Draw(settings with { BatchRows = 7, Threads = 1 }, "b.h5");
        Draw(settings with { BatchRows = 1, Threads = 3 }, "c.h5");

        Assert.Equal(File.ReadAllBytes(_scratch["a.h5"]), File.ReadAllBytes(_scratch["b.h5"]));
        Assert.Equal(File.ReadAllBytes(_scratch["a.h5"]), File.ReadAllBytes(_scratch["c.h5"]));
    }

    [Fact]
    public void What_a_simulator_throws_comes_as_it_is()
    {
        var settings = new DrawSettings { Seed = 1, Rows = 5000, Threads = 2 };

        var error = Assert.Throws<InputException>(
            () => { DatasetDrawing.Run(settings, new RefusingSimulator(), _scratch["refused.h5"], RunContexts.Quiet); });

        Assert.Equal(RefusingSimulator.Refusal, error.Message);
    }

    [Fact]
    public void Attributes_say_where_the_rows_come_from()
    {
        Draw(new DrawSettings { Seed = 5, FirstRow = 100, Rows = 50 }, "shard.h5");

        using var file = SampleFile.Open(_scratch["shard.h5"]);
        var (theta, x) = (new float[50 * 5], new float[50 * 8]);
        _slcp.Sample(5, 100, theta, x);
        var origin = file.Origin!;
        Assert.Equal(("SLCP", 5ul, 100, 150, SampleContent.Rows, 0),
            (origin.Simulator, origin.Seed, origin.FirstRow, origin.EndRow, origin.Content, origin.NonFiniteRows));
        Assert.Equal(SHA256.HashData(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(theta)), origin.ThetaDigest.ToArray());
        Assert.Equal(SHA256.HashData(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(x)), origin.XDigest.ToArray());
    }

    [Theory]
    [InlineData(500, 200)]
    [InlineData(500, 500)]
    [InlineData(100, 3000)]
    public void Moments_are_those_of_the_first_rows_of_the_seed_however_many_are_written(int rows, int momentRows)
    {
        Draw(new DrawSettings { Seed = 5, Rows = rows, ChunkRows = 64, Moments = true, Dump = momentRows }, "out.h5");
        Draw(new DrawSettings { Seed = 5, FirstRow = 90, Rows = rows, Moments = true, Dump = momentRows }, "later.h5");
        var expected = ObservationMoments.Of(_slcp, 5, momentRows, TestContext.Current.CancellationToken);

        foreach (var name in (string[])["out.h5", "later.h5"])
        {
            using var file = SampleFile.Open(_scratch[name]);
            Assert.True(expected.IsSameAs(file.Moments), name);
        }
    }

    [Fact]
    public void Moments_may_be_copied()
    {
        Draw(new DrawSettings { Seed = 5, Rows = 100, Moments = true, Dump = 100 }, "reference.h5");
        Draw(new DrawSettings { Seed = 6, Rows = 100, Reference = _scratch["reference.h5"] }, "copy.h5");
        Draw(new DrawSettings { Seed = 6, Rows = 100 }, "without.h5");

        using var reference = SampleFile.Open(_scratch["reference.h5"]);
        using var copy = SampleFile.Open(_scratch["copy.h5"]);
        Assert.True(reference.Moments!.IsSameAs(copy.Moments));
        Assert.Contains("has no 'mu' and 'sigma'", Error(new DrawSettings { Seed = 6, Rows = 9, Reference = _scratch["without.h5"] }));
        Assert.Contains("there is no such file", Error(new DrawSettings { Seed = 6, Rows = 9, Reference = _scratch["gone.h5"] }));
    }

    [Fact]
    public void Compressed_rows_are_read_back_and_take_less_room()
    {
        Draw(new DrawSettings { Seed = 5, Rows = 5000, ChunkRows = 2048 }, "plain.h5");
        Draw(new DrawSettings { Seed = 5, Rows = 5000, ChunkRows = 2048, Compression = 4 }, "small.h5");

        Assert.Equal(Rows("plain.h5", 5000), Rows("small.h5", 5000));
        Assert.True(new FileInfo(_scratch["small.h5"]).Length < 0.95 * new FileInfo(_scratch["plain.h5"]).Length);
    }

    [Fact]
    public void All_faults_of_the_settings_are_named_at_once()
    {
        var error = Error(new DrawSettings
        {
            Seed = 1,
            FirstRow = -1,
            Rows = 0,
            ChunkRows = 0,
            BatchRows = 0,
            Threads = -1,
            Compression = 10,
            Moments = true,
            Dump = 1,
        });

        foreach (var field in (string[])["first_row", "samples", "chunk_size", "batch_size", "threads", "compress", "dump"])
            Assert.Contains($"{field}: ", error);
    }

    [Fact]
    public void Damage_to_a_shard_is_found_when_it_is_gathered()
    {
        var shard = Shard(0, 500);
        var bytes = File.ReadAllBytes(shard);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(shard, bytes);

        Assert.Contains("does not hold what was written into it", Assert.Throws<InputException>(() =>
        {
            ShardGathering.Run(new GatherSettings { Simulator = "SLCP", Seed = 5, Rows = 500 }, _slcp, [shard], _scratch["out"],
                RunContexts.Quiet);
        }).Message);
    }

    private void Draw(DrawSettings settings, string name) =>
        Assert.NotNull(DatasetDrawing.Run(settings, _slcp, _scratch[name], RunContexts.Quiet));

    private string Error(DrawSettings settings) =>
        Assert.Throws<InputException>(() => { DatasetDrawing.Run(settings, _slcp, _scratch["fault.h5"], RunContexts.Quiet); }).Message;

    private string Shard(long start, long end)
    {
        var folder = _scratch[$"shard-{start}-{end}"];
        ShardSampling.Run(new SampleSettings { Simulator = "SLCP", Seed = 5, Start = start, Rows = end - start }, _slcp, folder,
            RunContexts.Quiet);
        return Path.Combine(folder, ShardSampling.OutputName);
    }

    private float[] Rows(string name, int rows)
    {
        using var file = SampleFile.Open(_scratch[name]);
        var x = new float[8 * rows];
        file.Read(0, [], x);
        return x;
    }
}
