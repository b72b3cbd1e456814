using Amnre.Engine.Catalog;
using Amnre.Engine.Datasets;
using Amnre.Engine.SampleFiles;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Tests.SampleFiles;

public sealed class SampleSetTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();
    private readonly ISimulator _slcp = SimulatorCatalog.Find("SLCP");

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void A_folder_a_pattern_or_a_list_of_shards_reads_as_the_whole()
    {
        // Names in another order than rows.
        string[] shards = [Draw("shards/c.h5", 0, 400), Draw("shards/a.h5", 400, 100), Draw("shards/b.h5", 500, 700)];
        var (theta, x) = (new float[1200 * 5], new float[1200 * 8]);
        _slcp.Sample(5, 0, theta, x);

        foreach (var paths in (string[][])[[_scratch["shards"]], [_scratch["shards/*.h5"]], [_scratch["shards/?.h5"]], shards,
            [shards[2], _scratch["shards"]]])
        {
            using var set = SampleSet.Open(paths);
            Assert.Equal((1200, 5, 8), (set.Rows, set.ThetaSize, set.ObservationSize));
            var (someTheta, someX) = (new float[700 * 5], new float[700 * 8]);
            set.Read(300, someTheta, someX);
            Assert.Equal(theta[(300 * 5)..(1000 * 5)], someTheta);
            Assert.Equal(x[(300 * 8)..(1000 * 8)], someX);
            set.Read(1199, [], someX.AsSpan(0, 8));
            Assert.Equal(x[(1199 * 8)..], someX[..8]);
        }
    }

    [Fact]
    public void Rows_outside_are_refused()
    {
        using var set = SampleSet.Open(Draw("a.h5", 0, 10), Draw("b.h5", 10, 10));

        Assert.Contains("rows 19 to 20 were asked for, but they have 20 rows",
            Assert.Throws<InputException>(() => set.Read(19, [], new float[16])).Message);
        Assert.Throws<InputException>(() => set.Read(-1, [], new float[8]));
    }

    [Fact]
    public void Files_that_are_not_of_one_dataset_are_refused()
    {
        var first = Draw("a.h5", 0, 100);
        Draw("overlapping.h5", 50, 100);
        DatasetDrawing.Run(new DrawSettings { Seed = 1, Rows = 8 }, SimulatorCatalog.Find("MLCP"), _scratch["mlcp.h5"], RunContexts.Quiet);
        DatasetDrawing.Run(new DrawSettings { Seed = 5, FirstRow = 100, Rows = 8, Moments = true, Dump = 50 }, _slcp,
            _scratch["moments.h5"], RunContexts.Quiet);
        Directory.CreateDirectory(_scratch["empty"]);

        Assert.Contains("share rows 50 to 99 of seed 5", Error(first, "overlapping.h5"));
        Assert.Contains("rows of other shapes", Error(first, "mlcp.h5"));
        Assert.Contains("other moments", Error(first, "moments.h5"));
        Assert.Contains("no file matches *.h5", Error(first, "empty"));
        Assert.Contains("no file matches x-*.h5", Error(first, "x-*.h5"));
        Assert.Contains("there is no folder", Error(first, "nowhere/x-*.h5"));
        Assert.Contains("there is no such file", Error(first, "gone.h5"));
    }

    [Fact]
    public void Seeds_may_be_mixed()
    {
        using var set = SampleSet.Open(Draw("a.h5", 0, 10, seed: 6), Draw("b.h5", 0, 10));
        var (x, expected) = (new float[8], new float[8]);
        set.Read(10, [], x);
        _slcp.Sample(6, 0, new float[5], expected);

        Assert.Equal(20, set.Rows);
        Assert.Equal(expected, x);
    }

    private string Draw(string name, long first, long rows, ulong seed = 5)
    {
        DatasetDrawing.Run(new DrawSettings { Seed = seed, FirstRow = first, Rows = rows, ChunkRows = 128 }, _slcp, _scratch[name],
            RunContexts.Quiet);
        return _scratch[name];
    }

    private string Error(string first, string second) =>
        Assert.Throws<InputException>(() => SampleSet.Open(first, _scratch[second]).Dispose()).Message;
}
