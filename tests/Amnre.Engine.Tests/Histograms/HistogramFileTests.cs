using Amnre.Engine.Histograms;
using Amnre.Engine.Masks;
using Amnre.Engine.Tests.Golden;

namespace Amnre.Engine.Tests.Histograms;

public sealed class HistogramFileTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Both_kinds_come_back_as_they_were()
    {
        var dense = new Histogram(ParameterMask.Parse("0110"), 3, [.. Enumerable.Range(1, 9).Select(i => i / 45f)]);
        HistogramFile.Write(_scratch["folder/dense.pth"], dense);
        HistogramFile.Write(_scratch["sparse.pth"], Sparse());

        var back = Assert.IsType<Histogram>(HistogramFile.Read(_scratch["folder/dense.pth"]));
        Assert.Equal((dense.Mask, 3), (back.Mask, back.Bins));
        Assert.Equal(dense.Values, back.Values);
        var sparse = Assert.IsType<SparseHistogram>(HistogramFile.Read(_scratch["sparse.pth"]));
        Assert.Equal((Sparse().Mask, 1000), (sparse.Mask, sparse.Bins));
        Assert.Equal(Sparse().Masses.ToArray(), sparse.Masses.ToArray());
        Assert.Equal([5, 999, 0], sparse.Position(1).ToArray().Select(place => (int)place));
        Assert.Equal(0.5f, sparse.MassAt([5, 999, 0]));
        Assert.Equal(0, sparse.MassAt([5, 999, 1]));
    }

    [Fact]
    public void PyTorch_reads_both_kinds()
    {
        HistogramFile.Write(_scratch["dense.pth"], new Histogram(ParameterMask.Parse("010"), 4, [0.125f, 0.25f, 0.5f, 0.125f]));
        HistogramFile.Write(_scratch["sparse.pth"], Sparse());

        var text = PythonTorch.Run(
            """
            import sys, torch
            mask, hist = torch.load(sys.argv[1])
            print(mask.dtype, mask.tolist(), hist.dtype, hist.tolist())
            mask, hist = torch.load(sys.argv[2])
            hist = hist.coalesce()
            print(mask.tolist(), tuple(hist.shape), hist.is_sparse, hist.indices().tolist(), hist.values().dtype, hist.values().tolist())
            """,
            _scratch["dense.pth"], _scratch["sparse.pth"]);

        Assert.Equal(
            ["torch.bool [False, True, False] torch.float32 [0.125, 0.25, 0.5, 0.125]",
                "[True, False, True, True] (1000, 1000, 1000) True [[0, 5, 999], [7, 999, 3], [2, 0, 1]] torch.float32 [0.25, 0.5, 0.25]"],
            text.Split('\n'));
    }

    /// <summary>The original knows cells of equal width alone, and takes its files apart as two items.</summary>
    [Fact]
    public void Logarithmic_cells_are_a_third_item_and_others_none()
    {
        var pair = new Histogram(ParameterMask.Parse("0110"), 2, [0.5f, 0.25f, 0.125f, 0.125f]);
        HistogramFile.Write(_scratch["plain.pth"], pair);
        HistogramFile.Write(_scratch["none.pth"], pair, ParameterMask.Parse("0000"));
        HistogramFile.Write(_scratch["marked.pth"], pair, ParameterMask.Parse("0100"));
        HistogramFile.Write(_scratch["sparse.pth"], Sparse(), ParameterMask.Parse("0011"));

        Assert.Equal(File.ReadAllBytes(_scratch["plain.pth"]), File.ReadAllBytes(_scratch["none.pth"]));
        Assert.Equal(pair.Values, HistogramFile.Read(_scratch["marked.pth"], out var logarithmic).Masses.ToArray());
        Assert.Equal("0100", logarithmic.ToString());
        HistogramFile.Read(_scratch["plain.pth"], out logarithmic);
        Assert.Equal("0000", logarithmic.ToString());
        Assert.Equal("3 [False, True, False, False]", PythonTorch.Run(
            "import sys, torch\nitems = torch.load(sys.argv[1])\nprint(len(items), items[2].tolist())", _scratch["marked.pth"]));
        // Of a mask of which parameter 1 is no part.
        HistogramFile.Write(_scratch["wrong.pth"], Sparse(), ParameterMask.Parse("0100"));
        Assert.Contains("third item does not say which parameters of mask 1011",
            Assert.Throws<InputException>(() => { HistogramFile.Read(_scratch["wrong.pth"]); }).Message, StringComparison.Ordinal);
        Assert.IsType<SparseHistogram>(HistogramFile.Read(_scratch["sparse.pth"]));
    }

    [Fact]
    public void Sparse_histograms_of_the_original_are_read_and_summed()
    {
        var joint = Assert.IsType<SparseHistogram>(HistogramFile.Read(GoldenFile.Path("fixtures/slcp-test_0.pth")));
        var pair = joint.Marginal(ParameterMask.Parse("00110"));

        Assert.Equal((20, "11111"), (joint.Bins, joint.Mask.ToString()));
        Assert.Equal(1, pair.Values.Sum(), 1e-4);
        Assert.Equal(pair.Values, joint.Part(ParameterMask.Parse("00111")).Marginal(pair.Mask).Values.Select(value => value),
            (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal(joint.Masses.ToArray().Max(), joint.Part(joint.Mask).Masses.ToArray().Max());
    }

    [Fact]
    public void What_is_no_histogram_is_refused_by_name()
    {
        File.WriteAllText(_scratch["text.pth"], "no archive");
        Assert.Contains("no such file", Error(_scratch["gone.pth"]));
        Assert.Contains("not a readable PyTorch file", Error(_scratch["text.pth"]));
        Assert.Contains("is no histogram", Error(GoldenFile.Path("fixtures/slcp-nre.pth")));

        static string Error(string path) => Assert.Throws<InputException>(() => { HistogramFile.Read(path); }).Message;
    }

    /// <summary>30 parameters of 10 bins need a hundred bits to number a cell.</summary>
    [Fact]
    public void Cells_of_many_parameters_are_counted()
    {
        var simulator = new Training.ToySimulator("HH", 30, 2);
        var mask = ParameterMask.Full(30);
        var counts = CellCounts.Of(simulator, mask, 10);
        float[] Row(int cell) =>
            [.. Enumerable.Range(0, 30)
                .Select(p => simulator.Low[p] + (simulator.High[p] - simulator.Low[p]) * (((cell + p) % 10) + 0.5f) / 10)];
        foreach (var cell in (int[])[3, 1, 3, 2]) counts.Add(Row(cell));
        var histogram = counts.Normalised();

        Assert.Equal([0.25f, 0.25f, 0.5f], histogram.Masses.ToArray());
        Assert.Equal(Enumerable.Range(0, 30).Select(p => (2 + p) % 10), histogram.Position(1).ToArray().Select(place => (int)place));
        Assert.Equal(0.5f, histogram.MassAt(simulator, Row(3)));
        Assert.Contains("use fewer bins", Assert.Throws<InputException>(() => { CellCounts.Of(simulator, mask, 100); }).Message);
    }

    private static SparseHistogram Sparse() =>
        new(ParameterMask.Parse("1011"), 1000, [0, 7, 2, 5, 999, 0, 999, 3, 1], [0.25f, 0.5f, 0.25f]);
}
