using Amnre.Engine.Catalog;
using Amnre.Engine.TrainingRows;
using TorchSharp;

namespace Amnre.Engine.Tests.TrainingRows;

public sealed class SimulatedRowsTests
{
    private const int Batch = 300, Steps = 4;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Batches_are_the_rows_of_the_dataset_one_after_the_other_and_stay_as_they_are(int threads)
    {
        var slcp = SimulatorCatalog.Find("SLCP");
        var (theta, x) = (new float[2 * Steps * Batch * 5], new float[2 * Steps * Batch * 8]);
        slcp.Sample(9, 0, theta, x);
        using var scope = torch.NewDisposeScope();
        using var rows = new SimulatedRows(slcp, Batch, Steps, 9, threads, torch.CPU);

        var batches = (from epoch in (int[])[1, 2] from step in Enumerable.Range(0, Steps) select rows.Batch(epoch, step)).ToList();

        Assert.Equal(theta, batches.SelectMany(batch => batch.Theta.data<float>().ToArray()));
        Assert.Equal(x, batches.SelectMany(batch => batch.X.data<float>().ToArray()));
    }
}
