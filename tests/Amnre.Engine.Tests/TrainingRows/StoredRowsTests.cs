using Amnre.Engine.SampleFiles;
using Amnre.Engine.Tests.Golden;
using Amnre.Engine.TrainingRows;
using TorchSharp;

namespace Amnre.Engine.Tests.TrainingRows;

public sealed class StoredRowsTests
{
    private const int Rows = 16384;

    [Fact]
    public void An_epoch_takes_every_row_once_in_an_order_of_its_own()
    {
        // 16384 rows in chunks of 5000: three whole ones of 17 batches, the last of them short, and one of 1384 rows.
        using var rows = Open("slcp-train", 300, null, 5000);
        Assert.Equal(3 * 17 + 5, rows.Steps);

        var first = Epoch(rows, 1);
        var second = Epoch(rows, 2);

        Assert.Equal(Rows, first.Count);
        Assert.Equal(Stored().Order(), first.Order());
        Assert.Equal(first.Order(), second.Order());
        Assert.NotEqual(first, second);
        Assert.NotEqual(first.Order(), first);
    }

    [Fact]
    public void A_batch_depends_on_its_epoch_and_step_alone()
    {
        using var inOrder = Open("slcp-train", 300, null, 5000);
        using var atRandom = Open("slcp-train", 300, null, 5000);
        using var scope = torch.NewDisposeScope();
        var expected = Enumerable.Range(0, inOrder.Steps).Select(step => Thetas(inOrder, 3, step)).ToList();

        foreach (var step in new[] { 55, 0, 20, 19, 54 }) Assert.Equal(expected[step], Thetas(atRandom, 3, step));
    }

    [Fact]
    public void Descents_bound_the_steps() => Assert.Equal(7, Open("slcp-train", 300, 7, 5000).Steps);

    [Fact]
    public void Observations_are_standardised_where_the_file_has_moments()
    {
        using var rows = Open("hh-train", 2048, null, StoredRows.StandardChunkRows);
        using var scope = torch.NewDisposeScope();
        using var file = SampleFile.Open(GoldenFile.Path("fixtures/hh-train.h5"));
        float[] theta = new float[2048 * 8], x = new float[2048 * 7];
        file.Read(0, theta, x);
        var row = Enumerable.Range(0, 2048).First(i => float.IsFinite(x[i * 7]));

        var (thetas, xs) = rows.Batch(1, 0);
        var expected = Enumerable.Range(0, 7).Select(j => (x[row * 7 + j] - file.Moments!.Mu[j]) * (1 / file.Moments!.Sigma[j]));

        // The original wrote each theta of this file twice, with different noise.
        var found = Enumerable.Range(0, 2048)
            .Where(i => thetas[i][0].item<float>() == theta[row * 8] && thetas[i][1].item<float>() == theta[row * 8 + 1]);
        Assert.Contains(expected.ToArray(), found.Select(i => xs[i].data<float>().ToArray()));
    }

    [Fact]
    public void A_chunk_is_never_of_more_numbers_than_an_array_holds()
    {
        const long Row = 20_000;
        Assert.InRange(StoredRows.ChunkWithin(long.MaxValue, Row * sizeof(float)) * Row, 1, Array.MaxLength);
        Assert.Equal(StoredRows.StandardChunkRows, StoredRows.ChunkWithin(long.MaxValue, 13 * sizeof(float)));
    }

    private static StoredRows Open(string name, int batchSize, int? most, int chunkRows) =>
        new(SampleSet.Open(GoldenFile.Path($"fixtures/{name}.h5")), batchSize, most, EpochDraws.Training(4), torch.CPU, chunkRows);

    private static float[] Stored()
    {
        using var scope = torch.NewDisposeScope();
        using var file = SampleFile.Open(GoldenFile.Path("fixtures/slcp-train.h5"));
        float[] theta = new float[Rows * 5], x = new float[Rows * 8];
        file.Read(0, theta, x);
        return torch.tensor(theta, Rows, 5).sum(1).data<float>().ToArray();
    }

    private static List<float> Epoch(StoredRows rows, int epoch)
    {
        using var scope = torch.NewDisposeScope();
        return [.. Enumerable.Range(0, rows.Steps).SelectMany(step => Thetas(rows, epoch, step))];
    }

    private static float[] Thetas(StoredRows rows, int epoch, int step) => rows.Batch(epoch, step).Theta.sum(1).data<float>().ToArray();
}
