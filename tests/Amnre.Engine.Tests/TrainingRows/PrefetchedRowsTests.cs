using Amnre.Engine.Randomness;
using Amnre.Engine.SampleFiles;
using Amnre.Engine.Simulators;
using Amnre.Engine.Tests.Golden;
using Amnre.Engine.Tests.Training;
using Amnre.Engine.TrainingRows;
using TorchSharp;

namespace Amnre.Engine.Tests.TrainingRows;

public sealed class PrefetchedRowsTests
{
    [Fact]
    public void Batches_are_those_of_the_rows_behind_in_whatever_order_they_are_asked_for()
    {
        using var plain = Stored(null);
        using var ahead = new PrefetchedRows(Stored(null));
        using var scope = torch.NewDisposeScope();
        foreach (var (epoch, step) in new[] { (1, 0), (1, 1), (1, 2), (1, ahead.Steps - 1), (2, 0), (1, 3), (4, 5) })
        {
            var (theta, x) = plain.Batch(epoch, step);
            var (aheadTheta, aheadX) = ahead.Batch(epoch, step);

            Assert.Equal(theta.data<float>().ToArray(), aheadTheta.data<float>().ToArray());
            Assert.Equal(x.data<float>().ToArray(), aheadX.data<float>().ToArray());
        }
    }

    [Fact]
    public void What_goes_wrong_ahead_is_told_when_its_batch_is_asked_for()
    {
        using var ahead = new PrefetchedRows(new Failing());
        using var scope = torch.NewDisposeScope();

        ahead.Batch(1, 0);

        Assert.Equal("step 1", Assert.Throws<InputException>(() => ahead.Batch(1, 1)).Message);
    }

    [Fact]
    public void Noise_is_added_afresh_in_each_epoch_and_is_a_function_of_seed_and_step()
    {
        using var quiet = Stored(null);
        using var noisy = Stored(new Noisy());
        using var again = Stored(new Noisy());
        using var scope = torch.NewDisposeScope();

        var noise = (noisy.Batch(1, 2).X - quiet.Batch(1, 2).X).data<float>().ToArray();
        var other = (noisy.Batch(2, 2).X - quiet.Batch(2, 2).X).data<float>().ToArray();

        Assert.NotEqual(noise, other);
        Assert.Equal(noisy.Batch(1, 2).X.data<float>().ToArray(), again.Batch(1, 2).X.data<float>().ToArray());
        Assert.Equal(noisy.Batch(1, 2).Theta.data<float>().ToArray(), quiet.Batch(1, 2).Theta.data<float>().ToArray());
        Assert.Equal(0, noise.Average(), 0.1);
        Assert.Equal(1, Math.Sqrt(noise.Average(value => value * value)), 0.1);
    }

    [Theory]
    [InlineData(1L << 30, 52, 1 << 18)]
    [InlineData(1L << 30, 2108, 1 << 18)]
    [InlineData(1L << 20, 2108, 256)]
    [InlineData(100, 2108, 1)]
    public void A_chunk_keeps_to_its_budget(long budget, long rowBytes, int rows)
    {
        Assert.Equal(rows, StoredRows.ChunkWithin(budget, rowBytes));
        Assert.True(rows == 1 || rows * rowBytes <= budget);
    }

    private static StoredRows Stored(ILiveNoise? noise) =>
        new(SampleSet.Open(GoldenFile.Path("fixtures/slcp-train.h5")), 256, null, EpochDraws.Training(4), torch.CPU, 5000, noise);

    private sealed class Failing : ITrainingRows
    {
        public int Steps => 4;

        public (torch.Tensor Theta, torch.Tensor X) Batch(int epoch, int step) =>
            step == 0 ? (torch.zeros(1, 1), torch.zeros(1, 1)) : throw new InputException($"step {step}");

        public void Dispose()
        {
        }
    }

    private sealed class Noisy : ILiveNoise
    {
        private readonly ToySimulator _signals = new("SLCP", 5, 4, 2);

        public string Name => _signals.Name;

        public IReadOnlyList<string> Labels => _signals.Labels;

        public IReadOnlyList<float> Low => _signals.Low;

        public IReadOnlyList<float> High => _signals.High;

        public IReadOnlyList<int> ObservationShape => _signals.ObservationShape;

        public ISimulator Signals => _signals;

        public void AddNoise(ref CounterRandom random, Span<float> x)
        {
            foreach (ref var value in x) value += (float)random.NextNormal();
        }

        public void Sample(ulong seed, long firstRow, Span<float> theta, Span<float> x) => _signals.Sample(seed, firstRow, theta, x);

        public double LogPrior(Engine.Masks.ParameterMask mask, ReadOnlySpan<float> theta) => _signals.LogPrior(mask, theta);
    }
}
