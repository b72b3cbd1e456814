using Amnre.Engine.Catalog;
using Amnre.Engine.Datasets;
using Amnre.Engine.SampleFiles;

namespace Amnre.Engine.Tests.SampleFiles;

public sealed class KnownRowsTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Rows_of_the_training_are_counted_wherever_they_lie()
    {
        Draw("train.h5", seed: 1, rows: 300);
        Draw("other.h5", seed: 2, rows: 40);
        var (train, other) = (Theta("train.h5"), Theta("other.h5"));

        Assert.Equal(0, KnownRows.Of(_scratch["train.h5"], other, 5));
        Assert.Equal(300, KnownRows.Of(_scratch["train.h5"], train, 5));
        Assert.Equal(7, KnownRows.Of(_scratch["train.h5"], [.. other, .. train.AsSpan(200 * 5, 7 * 5)], 5));
        Assert.Equal(0, KnownRows.Of(_scratch["gone.h5"], train, 5));
        File.WriteAllText(_scratch["damaged.h5"], "no dataset");
        Assert.Equal(0, KnownRows.Of(_scratch["damaged.h5"], train, 5));
    }

    private void Draw(string name, ulong seed, long rows) =>
        DatasetDrawing.Run(new DrawSettings { Seed = seed, Rows = rows, Threads = 1 }, SimulatorCatalog.Find("SLCP"), _scratch[name],
            RunContexts.Quiet);

    private float[] Theta(string name)
    {
        using var samples = SampleSet.Open(_scratch[name]);
        var theta = new float[samples.Rows * 5];
        samples.Read(0, theta, []);
        return theta;
    }
}
