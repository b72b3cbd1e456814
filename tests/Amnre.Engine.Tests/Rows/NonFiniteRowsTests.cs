using Amnre.Engine.Datasets;
using Amnre.Engine.Rows;
using Amnre.Engine.SampleFiles;
using Amnre.Engine.Settings;
using Amnre.Engine.Tests.Datasets;

namespace Amnre.Engine.Tests.Rows;

public sealed class NonFiniteRowsTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void One_value_anywhere_is_found(float value)
    {
        for (var length = 1; length < 40; length++)
        {
            for (var place = 0; place < length; place++)
            {
                var values = new float[length];
                Array.Fill(values, float.MaxValue);
                Assert.True(NonFiniteRows.AllFinite(values));
                values[place] = value;
                Assert.False(NonFiniteRows.AllFinite(values));
            }
        }
    }

    [Fact]
    public void Rows_that_are_not_finite_end_the_run_and_are_named()
    {
        var error = Assert.Throws<InputException>(() => { Draw(new DrawSettings { Seed = 1, Rows = 1000 }, every: 7); }).Message;

        Assert.Contains("simulator FAILING, seed 1: 9 of the 64 rows", error);
        Assert.Contains("row 6: theta (6)", error);
        Assert.Contains("row 34: theta (34)", error);
        Assert.DoesNotContain("row 41:", error);
        Assert.Contains("and 4 more", error);
        Assert.Contains("drop or keep", error);
        Assert.Empty(Directory.GetFiles(_scratch.Root));
    }

    [Fact]
    public void Moments_of_kept_rows_that_are_not_finite_are_refused_with_their_number()
    {
        var settings = new DrawSettings { Seed = 1, Rows = 700, Moments = true, Dump = 700, OnNonFinite = NonFinitePolicy.Keep };

        var error = Assert.Throws<InputException>(() => { Draw(settings, every: 7); }).Message;

        Assert.Contains("observed value 1 is not finite in 100 of the first 700 rows, which are kept", error, StringComparison.Ordinal);
        Assert.Contains("--on-nonfinite drop", error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_scratch.Root));
    }

    [Fact]
    public void Dropped_rows_are_replaced_by_the_next_and_recorded()
    {
        var settings = new DrawSettings { Seed = 1, Rows = 600, ChunkRows = 256, OnNonFinite = NonFinitePolicy.Drop };
        var origin = Draw(settings, every: 7)!;

        using var file = SampleFile.Open(_scratch["out.h5"]);
        var theta = new float[600];
        file.Read(0, theta, []);
        Assert.Equal(Enumerable.Range(0, 700).Where(row => row % 7 != 6).Take(600).Select(row => (float)row), theta);
        Assert.Equal(origin.XDigest.ToArray(), file.Origin!.XDigest.ToArray());
        Assert.Equal(NonFinitePolicy.Drop, file.Origin.OnNonFinite);
        // Drawing ends with the last row that is needed, so the two differ by what was dropped.
        Assert.Equal(file.Origin.EndRow - 600, file.Origin.NonFiniteRows);
        Assert.Equal((origin.EndRow, origin.NonFiniteRows), (file.Origin.EndRow, file.Origin.NonFiniteRows));
    }

    [Fact]
    public void A_longer_dataset_with_dropped_rows_begins_with_the_shorter()
    {
        var settings = new DrawSettings { Seed = 1, Rows = 300, ChunkRows = 128, OnNonFinite = NonFinitePolicy.Drop };
        Draw(settings, every: 5, "short.h5");
        Draw(settings with { Rows = 900 }, every: 5, "long.h5");

        Assert.Equal(Read("short.h5", 300), Read("long.h5", 300));
    }

    [Fact]
    public void Kept_rows_are_stored_and_counted()
    {
        Draw(new DrawSettings { Seed = 1, Rows = 700, OnNonFinite = NonFinitePolicy.Keep }, every: 7);

        using var file = SampleFile.Open(_scratch["out.h5"]);
        Assert.Equal((100, 700, NonFinitePolicy.Keep), (file.Origin!.NonFiniteRows, file.Origin.EndRow, file.Origin.OnNonFinite));
        var x = new float[3];
        file.Read(13, [], x);
        Assert.Equal([13, float.NaN, 13], x);
    }

    [Fact]
    public void A_simulator_that_hardly_ever_succeeds_is_given_up() =>
        Assert.Contains("fix the simulator", Assert.Throws<InputException>(() =>
        {
            Draw(new DrawSettings { Seed = 1, Rows = 1000, OnNonFinite = NonFinitePolicy.Drop }, every: 1);
        }).Message);

    [Fact]
    public void Rows_of_shards_cannot_be_dropped()
    {
        var settings = new DrawSettings { Seed = 1, FirstRow = 10, Rows = 10, OnNonFinite = NonFinitePolicy.Drop };

        Assert.Contains("cannot be dropped from a shard", Assert.Throws<InputException>(() => { Draw(settings, every: 7); }).Message);
        Assert.Equal(
            ["on_nonfinite"],
            SampleSettingsErrors.Of(
                new SampleSettings { Simulator = "FAILING", Seed = 0, Start = 0, Rows = 1, OnNonFinite = NonFinitePolicy.Drop },
                new FailingSimulator(2))
                .Select(error => error.Field));
    }

    [Fact]
    public void Moments_are_of_finite_rows_or_refused()
    {
        var settings = new DrawSettings { Seed = 1, Rows = 100, Moments = true, Dump = 600, OnNonFinite = NonFinitePolicy.Drop };
        Draw(settings, every: 7);
        using (var file = SampleFile.Open(_scratch["out.h5"]))
            Assert.Equal(Enumerable.Range(0, 700).Where(row => row % 7 != 6).Take(600).Average(), file.Moments!.Mu[1], 1e-3);

        Assert.Contains("observed value 1 is not finite", Assert.Throws<InputException>(() =>
        {
            Draw(settings with { OnNonFinite = NonFinitePolicy.Keep }, every: 7);
        }).Message);
    }

    private SampleOrigin? Draw(DrawSettings settings, int every, string name = "out.h5") =>
        DatasetDrawing.Run(settings, new FailingSimulator(every), _scratch[name], RunContexts.Quiet);

    private float[] Read(string name, int rows)
    {
        using var file = SampleFile.Open(_scratch[name]);
        var x = new float[3 * rows];
        file.Read(0, [], x);
        return x;
    }
}
