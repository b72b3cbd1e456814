using Amnre.Engine.SampleFiles;

namespace Amnre.Engine.Tests.SampleFiles;

public sealed class SampleFileTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Open_says_what_is_wrong_with_a_file()
    {
        var whole = Write(_scratch["whole.h5"], 1000);
        File.WriteAllBytes(_scratch["cut.h5"], File.ReadAllBytes(whole)[..^1]);
        File.WriteAllText(_scratch["text.h5"], new string('a', 1000));
        File.WriteAllBytes(_scratch["empty.h5"], []);
        var spoiled = File.ReadAllBytes(whole);
        spoiled.AsSpan(48).Clear();
        File.WriteAllBytes(_scratch["spoiled.h5"], spoiled);

        Assert.Contains("no such file", Error("gone.h5"));
        Assert.Contains($"cut short ({spoiled.Length - 1} of {spoiled.Length} bytes)", Error("cut.h5"));
        Assert.Contains("not an HDF5 file", Error("text.h5"));
        Assert.Contains("not an HDF5 file", Error("empty.h5"));
        Assert.Contains("it is damaged", Error("spoiled.h5"));
    }

    [Fact]
    public void Open_refuses_other_contents()
    {
        new PureHDF.H5File { ["theta"] = new float[3, 2] }.Write(_scratch["no-x.h5"]);
        new PureHDF.H5File { ["theta"] = new float[3, 2], ["x"] = new float[4, 2] }.Write(_scratch["lengths.h5"]);
        new PureHDF.H5File { ["theta"] = new float[4], ["x"] = new float[4, 2] }.Write(_scratch["flat.h5"]);
        new PureHDF.H5File { ["theta"] = new double[4, 2], ["x"] = new float[4, 2] }.Write(_scratch["double.h5"]);
        new PureHDF.H5File { ["x"] = new float[4, 0] }.Write(_scratch["nothing.h5"]);
        new PureHDF.H5File { ["x"] = new float[4, 2], ["mu"] = new float[3] }.Write(_scratch["moments.h5"]);
        new PureHDF.H5File { ["x"] = new float[4, 2], ["mu"] = new float[2] }.Write(_scratch["mu.h5"]);
        new PureHDF.H5File { ["x"] = new float[4, 2], ["mu"] = new float[2], ["sigma"] = new float[2] }.Write(_scratch["sigma.h5"]);

        Assert.Contains("no dataset 'x'", Error("no-x.h5"));
        Assert.Contains("'x' is (4, 0): its rows hold no values", Error("nothing.h5"));
        Assert.Contains("'theta' is (3, 2) but 'x' has 4 rows", Error("lengths.h5"));
        Assert.Contains("'theta' is (4)", Error("flat.h5"));
        Assert.Contains("make it float32", Error("double.h5"));
        Assert.Contains("'mu' has 3 values", Error("moments.h5"));
        Assert.Contains("only one of 'mu' and 'sigma'", Error("mu.h5"));
        Assert.Contains("'sigma' is not a positive number", Error("sigma.h5"));
    }

    [Fact]
    public void Contiguous_files_and_moments_are_read()
    {
        new PureHDF.H5File
        {
            ["theta"] = new float[,] { { 1, 2 }, { 3, 4 } },
            ["x"] = new float[,,] { { { 1, 2 }, { 3, 4 } }, { { 5, 6 }, { 7, 8 } } },
            ["mu"] = new float[,] { { 1, 2 }, { 3, 4 } },
            ["sigma"] = new float[,] { { 5, 6 }, { 7, 8 } },
        }.Write(_scratch["event.h5"]);
        using var file = SampleFile.Open(_scratch["event.h5"]);
        var (theta, x) = (new float[2], new float[4]);
        file.Read(1, theta, x);

        Assert.Equal([3, 4], theta);
        Assert.Equal([5, 6, 7, 8], x);
        Assert.Equal([1, 2, 3, 4], file.Moments!.Mu);
        Assert.Equal([5, 6, 7, 8], file.Moments!.Sigma);
        Assert.Null(file.Origin);
    }

    [Fact]
    public void A_file_of_the_original_program_is_read()
    {
        // 1000 rows in chunks of 400, with moments; the sums are numpy's.
        using var file = SampleFile.Open(Path.Combine(AppContext.BaseDirectory, "Golden", "hh-adv.h5"));
        var (theta, x) = (new float[1000 * 8], new float[1000 * 7]);
        file.Read(0, theta, x);

        Assert.Equal(1702513.29, theta.Sum(value => (double)value), 0.01);
        Assert.Equal(177926.726, x.Sum(value => (double)value), 0.001);
        Assert.Equal(178.76778, file.Moments!.Mu.Sum(), 1e-4);
        Assert.Equal(418.81772, file.Moments!.Sigma.Sum(), 1e-4);
    }

    [Fact]
    public void A_file_without_theta_gives_observations_only()
    {
        new PureHDF.H5File { ["x"] = new float[,] { { 1, 2 }, { 3, 4 } } }.Write(_scratch["x.h5"]);
        using var file = SampleFile.Open(_scratch["x.h5"]);
        var x = new float[4];
        file.Read(0, [], x);

        Assert.Equal([1, 2, 3, 4], x);
        Assert.Equal(0, file.ThetaSize);
        Assert.Contains("no dataset 'theta'", Assert.Throws<InputException>(() => file.Read(0, new float[2], x)).Message);
    }

    [Fact]
    public void Rows_outside_the_file_are_refused()
    {
        using var file = SampleFile.Open(Write(_scratch["whole.h5"], 10));

        var error = Assert.Throws<InputException>(() => file.Read(9, [], new float[4]));
        Assert.Contains("rows 9 to 10 were asked for, but it has 10 rows", error.Message);
        Assert.Throws<InputException>(() => file.Read(-1, [], new float[2]));
    }

    [Fact]
    public void A_writer_left_before_the_end_leaves_no_file()
    {
        using (var writer = new SampleFileWriter(_scratch["left.h5"], new SampleLayout(10, 1, [2], 4), Origin(10)))
        {
            writer.Append(new float[4], new float[8]);
            Assert.Throws<InvalidOperationException>(() => { writer.Complete(Origin(10), null); });
        }

        Assert.Empty(Directory.GetFiles(_scratch.Root));
    }

    internal static string Write(string path, int rows, int chunkRows = 300)
    {
        using var writer = new SampleFileWriter(path, new SampleLayout(rows, 1, [2], chunkRows), Origin(rows));
        for (var row = 0; writer.NextRows > 0;)
        {
            var count = writer.NextRows;
            writer.Append(
                Enumerable.Range(row, count).Select(i => (float)i).ToArray(),
                Enumerable.Range(2 * row, 2 * count).Select(i => -(float)i).ToArray());
            row += count;
        }

        writer.Complete(Origin(rows), null);
        return path;
    }

    private static SampleOrigin Origin(long rows) => new() { Simulator = "TOY", Seed = 3, FirstRow = 0, EndRow = rows };

    private string Error(string name) =>
        Assert.Throws<InputException>(() => SampleFile.Open(_scratch[name]).Dispose()).Message;
}
