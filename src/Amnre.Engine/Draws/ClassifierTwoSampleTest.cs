using Amnre.Engine.Evaluation;
using Amnre.Engine.Randomness;
using static TorchSharp.torch;

namespace Amnre.Engine.Draws;

/// <summary>C2ST: accuracy of a classifier that was trained to tell two samples apart, ½ if they are of one distribution. As sbibm defines
/// it (Lueckmann et al., Benchmarking simulation-based inference, AISTATS 2021): both are standardised by the moments of the first, the
/// classifier is a ReLU network of two layers of 10 D units with scikit-learn's usual training (Adam, batches of 200, L2 1e-4, until the
/// loss has not improved by 1e-4 for ten passes), the accuracy is the mean over five folds.</summary>
/// <remarks>Copies of one draw in both samples are in one fold: otherwise the classifier would have learnt the wrong label for each, and
/// the accuracy of a sample and its own copy would be below ½.</remarks>
internal static class ClassifierTwoSampleTest
{
    private const int Folds = 5, BatchSize = 200, MaxPasses = 1000, Patience = 10;

    private const double Tolerance = 1e-4;

    /// <summary>Deviations of the first sample from its mean that more of them say nothing beyond; without an end, numbers overflow in the
    /// classifier, and two samples that are worlds apart pass for one.</summary>
    private const double Farthest = 30;

    /// <param name="first">(n, D), the reference.</param>
    /// <param name="second">(m, D); as many, or ½ means something else.</param>
    /// <param name="size">D.</param>
    /// <param name="seed">Names weights, folds and batches.</param>
    /// <param name="threads">Folds learnt at once.</param>
    /// <param name="stop">Checked at each pass.</param>
    /// <exception cref="InputException">A value is not finite, or the first sample does not vary in a dimension.</exception>
    public static double Accuracy(
        ReadOnlySpan<float> first, ReadOnlySpan<float> second, int size, ulong seed, int threads, CancellationToken stop)
    {
        var rows = Standardised(first, second, size);
        var reference = first.Length / size;
        var order = Enumerable.Range(0, rows.Length / size).ToArray();
        new CounterRandom(seed, RandomPurpose.Batches, 0).Shuffle(order.AsSpan());
        var folds = FoldsOf(order, SharedDraws.Twins(first, second, size));
        var right = new double?[Folds];
        Parallel.For(0, Folds, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = stop },
            fold => right[fold] = OfFold(
                rows, size, reference, [.. order.Where(row => folds[row] == fold)], [.. order.Where(row => folds[row] != fold)], seed, fold,
                stop));
        return right.OfType<double>().Average();
    }

    /// <returns>Null where one side is empty.</returns>
    private static double? OfFold(
        float[] rows, int size, int reference, int[] mine, int[] others, ulong seed, int fold, CancellationToken stop)
    {
        if (mine.Length == 0 || others.Length == 0) return null;
        using var off = no_grad();
        using var scope = NewDisposeScope();
        using var classifier = new TwoLayerClassifier(size, 10 * size, seed, fold);
        Train(classifier, rows, size, reference, others, seed, fold, stop);
        var logits = classifier.Logits(Rows(rows, size, mine));
        return mine.Index().Average(row => logits[row.Index] > 0 == row.Item >= reference ? 1.0 : 0);
    }

    private static Tensor Rows(float[] rows, int size, ReadOnlySpan<int> which)
    {
        var chosen = new float[which.Length * size];
        for (var i = 0; i < which.Length; i++) rows.AsSpan(which[i] * size, size).CopyTo(chosen.AsSpan(i * size));
        return tensor(chosen, which.Length, size);
    }

    /// <summary>The fold of each row: by its place in the order, or that of the row that it is a copy of.</summary>
    private static int[] FoldsOf(int[] order, int[] twins)
    {
        var folds = new int[order.Length];
        for (var fold = 0; fold < Folds; fold++)
            for (var place = order.Length * fold / Folds; place < order.Length * (fold + 1) / Folds; place++) folds[order[place]] = fold;
        return [.. twins.Select(twin => folds[twin])];
    }

    /// <summary>Both samples, one after the other, by the moments of the first; in double precision, since draws may be far from 0 and
    /// close together.</summary>
    private static float[] Standardised(ReadOnlySpan<float> first, ReadOnlySpan<float> second, int size)
    {
        float[] all = [.. first, .. second];
        for (var column = 0; column < size; column++)
        {
            var (rows, mean, squares) = (first.Length / size, 0.0, 0.0);
            for (var at = column; at < first.Length; at += size) mean += (double)first[at] / rows;
            for (var at = column; at < first.Length; at += size) squares += (first[at] - mean) * (first[at] - mean);
            var deviation = Math.Sqrt(squares / (rows - 1));
            if (!(deviation > 0)) throw new InputException($"draws to compare with do not vary in dimension {column}");
            for (var at = column; at < all.Length; at += size)
            {
                var value = (all[at] - mean) / deviation;
                if (!double.IsFinite(value)) throw new InputException($"a draw is {all[at]} in dimension {column}");
                all[at] = (float)Math.Clamp(value, -Farthest, Farthest);
            }
        }

        return all;
    }

    private static void Train(
        TwoLayerClassifier classifier, float[] rows, int size, int reference, int[] order, ulong seed, int fold, CancellationToken stop)
    {
        var (best, patience) = (double.PositiveInfinity, 0);
        for (var pass = 1; pass <= MaxPasses && patience <= Patience; pass++)
        {
            stop.ThrowIfCancellationRequested();
            new CounterRandom(seed, RandomPurpose.Batches, (ulong)fold << 32 | (uint)pass).Shuffle(order.AsSpan());
            var total = 0.0;
            for (var first = 0; first < order.Length; first += BatchSize)
            {
                using var scope = NewDisposeScope();
                var batch = order.AsSpan(first, Math.Min(BatchSize, order.Length - first));
                var labels = new float[batch.Length];
                for (var i = 0; i < labels.Length; i++) labels[i] = batch[i] >= reference ? 1 : 0;
                total += batch.Length * classifier.Step(Rows(rows, size, batch), labels);
            }

            var loss = total / order.Length;
            if (!double.IsFinite(loss))
                throw new InputException(
                    "the classifier that compares draws diverged: the draws are too large for it, scale the parameters");
            patience = loss > best - Tolerance ? patience + 1 : 0;
            best = Math.Min(best, loss);
        }
    }
}
