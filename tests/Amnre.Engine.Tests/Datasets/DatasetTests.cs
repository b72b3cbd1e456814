using Amnre.Engine.Catalog;
using Amnre.Engine.Datasets;
using Amnre.Engine.SampleFiles;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Tests.Datasets;

public sealed class DatasetTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();
    private readonly ISimulator _slcp = SimulatorCatalog.Find("SLCP");

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public void Gathered_bytes_do_not_depend_on_the_shards(int count)
    {
        // Pinned: 10007 rows of seed 5 in chunks of 1024, whatever the shards.
        var bytes = File.ReadAllBytes(Gather(rows: 10_007, chunk: 1024, Shards(10_007, count)));

        Assert.Equal(
            "76FA28AAF88740711F523C0E88A5E2DC93AFD67188E9A38BC958E5DA104B3289",
            Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(bytes)));
    }

    [Fact]
    public void Gathered_rows_are_those_that_the_simulator_draws_alone()
    {
        using var file = SampleFile.Open(Gather(5000, 512, Shards(5000, 2)));
        Assert.Equal(5000, file.Rows);
        Assert.Equal(5, file.ThetaSize);
        Assert.Equal([4, 2], file.ObservationShape);
        var (theta, x) = (new float[5], new float[8]);
        var (expectedTheta, expectedX) = (new float[5], new float[8]);
        foreach (var row in (int[])[0, 511, 512, 2499, 2500, 4608, 4999])
        {
            file.Read(row, theta, x);
            _slcp.Sample(5, row, expectedTheta, expectedX);
            Assert.Equal(expectedTheta, theta);
            Assert.Equal(expectedX, x);
        }
    }

    [Fact]
    public void Rows_may_be_read_across_chunks_and_either_part_alone()
    {
        using var file = SampleFile.Open(Gather(2000, 300, Shards(2000, 1)));
        var (theta, x) = (new float[1300 * 5], new float[1300 * 8]);
        var (expectedTheta, expectedX) = (new float[1300 * 5], new float[1300 * 8]);
        _slcp.Sample(5, 650, expectedTheta, expectedX);
        file.Read(650, theta, []);
        file.Read(650, [], x);

        Assert.Equal(expectedTheta, theta);
        Assert.Equal(expectedX, x);
    }

    [Fact]
    public void A_longer_dataset_begins_with_the_shorter()
    {
        using var shorter = SampleFile.Open(Gather(700, 256, Shards(700, 2)));
        using var longer = SampleFile.Open(Gather(1500, 256, Shards(1500, 3)));
        var (a, b) = (new float[700 * 8], new float[700 * 8]);
        shorter.Read(0, [], a);
        longer.Read(0, [], b);

        Assert.Equal(a, b);
    }

    [Fact]
    public void Gathering_refuses_shards_that_are_not_of_the_dataset()
    {
        var shards = Shards(900, 3);

        Assert.Contains("600 rows", Error(900, shards[..2]));
        Assert.Contains("900 rows", Error(901, shards));
        Assert.Contains("does not hold rows 0 to 299 of SLCP with seed 5", Error(900, [shards[1], shards[0], shards[2]]));
        Assert.Contains("no such file", Error(900, [shards[0], _scratch["gone.h5"], shards[2]]));

        string Error(long rows, IReadOnlyList<string> files) =>
            Assert.Throws<InputException>(() => { Gather(rows, 256, files); }).Message;
    }

    [Fact]
    public void A_drained_or_stopped_run_leaves_nothing_behind()
    {
        var settings = new SampleSettings { Simulator = "SLCP", Seed = 5, Start = 0, Rows = 100 };
        Assert.Equal(RunEnd.Drained, ShardSampling.Run(settings, _slcp, _scratch["run"], RunContexts.Draining));
        Assert.Throws<OperationCanceledException>(
            () => { ShardSampling.Run(settings, _slcp, _scratch["run"], RunContexts.Stopped); });

        Assert.Empty(Directory.GetFiles(_scratch["run"]));
    }

    [Fact]
    public void Settings_that_cannot_be_are_all_reported_at_once()
    {
        var settings = new SampleSettings { Simulator = "HH", Seed = 0, Start = -1, Rows = 0 };

        Assert.Equal(["start", "rows", "simulator"], SampleSettingsErrors.Of(settings, _slcp).Select(error => error.Field));
        Assert.Throws<InputException>(() => { ShardSampling.Run(settings, _slcp, _scratch.Root, RunContexts.Quiet); });
        Assert.Equal(
            ["rows", "chunk_size"],
            SampleSettingsErrors.Of(new GatherSettings { Simulator = "SLCP", Seed = 0, Rows = -5, ChunkRows = 0 }, _slcp)
                .Select(error => error.Field));
    }

    private string[] Shards(long rows, int count)
    {
        var paths = new string[count];
        for (var i = 0; i < count; i++)
        {
            var (start, end) = (rows * i / count, rows * (i + 1) / count);
            var directory = _scratch[$"shard-{rows}-{i}-of-{count}"];
            var settings = new SampleSettings { Simulator = "SLCP", Seed = 5, Start = start, Rows = end - start };
            Assert.Equal(RunEnd.Completed, ShardSampling.Run(settings, _slcp, directory, RunContexts.Quiet));
            paths[i] = Path.Combine(directory, ShardSampling.OutputName);
        }

        return paths;
    }

    private string Gather(long rows, int chunk, IReadOnlyList<string> shards)
    {
        var directory = _scratch[$"gathered-{rows}-{chunk}-{shards.Count}"];
        var settings = new GatherSettings { Simulator = "SLCP", Seed = 5, Rows = rows, ChunkRows = chunk };
        Assert.Equal(RunEnd.Completed, ShardGathering.Run(settings, _slcp, shards, directory, RunContexts.Quiet));
        return Path.Combine(directory, ShardGathering.OutputName);
    }
}
