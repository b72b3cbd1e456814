using Amnre.Engine.Estimators;
using Amnre.Engine.Settings;
using static TorchSharp.torch;

namespace Amnre.Benchmarks;

/// <summary>One step of training (draw, forward, backward, clip, AdamW; batch 1024), against the time that its multiplications
/// take at the rate of matrix products measured beside it.</summary>
internal static class TrainingBenchmark
{
    private const int Replicates = 5;

    private const int Contrasts = 8;

    public static IEnumerable<string> Run()
    {
        var small = Step("AMNRE 5x128", TrainingSteps.Amnre(5, 128), 128, 20);
        yield return small.Line;
        var large = Step("AMNRE 7x256", TrainingSteps.Amnre(7, 256), 256, 10);
        yield return large.Line;
        var contrastive = Step("AMNRE 7x256 with NRE-C, 8 contrasts",
            TrainingSteps.Amnre(7, 256) with { Criterion = Criterion.Contrastive, Contrasts = Contrasts }, 256, 4);
        yield return $"{contrastive.Line}; {contrastive.Seconds / large.Seconds:0.00} of a step of NLL, for {1 + Contrasts} parameters a " +
            "row instead of 2";
        yield return Step("MNRE, 16 networks of 7x256", TrainingSteps.Mnre(7, 256), 256, 1).Line;
        if (cuda.is_available())
        {
            // The same, as batched products.
            var onGpu = TrainingSteps.Mnre(7, 256) with { Device = new("cuda") };
            yield return Step("MNRE on the GPU, 16 networks of 7x256", onGpu, 256, 10).Line;
        }

        foreach (var place in cuda.is_available() ? ["cpu", "cuda"] : (string[])["cpu"])
        {
            var settings = TrainingSteps.Amnre(7, 256) with { Device = new(place) };
            var steps = place == "cpu" ? 2 : 20;
            var alone = Step($"AMNRE 7x256 alone ({place})", settings, 256, steps);
            var beside = Step($"{Replicates} replicates of AMNRE 7x256 ({place})", settings, 256, steps, Replicates);
            yield return $"{beside.Line}; {beside.Seconds / alone.Seconds:0.00} of a step of one, which is " +
                $"{beside.Seconds / alone.Seconds / Replicates:0.00} of {Replicates} one after the other";
        }

        var flow = Step("NPE, 7 transforms of 3 blocks of 128", TrainingSteps.Npe(7, 128, 3), 128, 10);
        yield return $"{flow.Line}; {flow.Seconds / large.Seconds:0.00} of a step of AMNRE 7x256";
    }

    private static (string Line, double Seconds) Step(string name, TrainSettings settings, int width, int steps, int replicates = 1)
    {
        using var training = new TrainingSteps(settings, replicates);
        training.Take(1);
        var live = Tensor.TotalCount;
        var step = Measurement.Of(() => training.Take(steps));
        var rows = TrainingSteps.Batch * (settings.Flow ? 1 : settings.Criterion == Criterion.Contrastive ? 1 + Contrasts : 2);
        var floor = training.Estimators.Sum(estimator => Multiplications(estimator, rows))
            / Rate(rows, width, device(settings.Device.Name));
        return (
            $"{name}: {step.Median / steps * 1e3:0.0} ms a step ({step.Least / steps * 1e3:0.0} to {step.Most / steps * 1e3:0.0}); "
            + $"its matrix products alone take {floor / (step.Median / steps):P0} of that; live tensors grew by " +
                $"{Tensor.TotalCount - live}, peak memory so far {Peak()} MiB",
            step.Median / steps);
    }

    /// <summary>Of the process, in MiB.</summary>
    private static long Peak()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return process.PeakWorkingSet64 >> 20;
    }

    /// <summary>Multiplications of a step: forward, and backward to inputs and weights, of each row through each weight matrix.</summary>
    private static double Multiplications(Estimator estimator, int rows) =>
        3.0 * rows * estimator.State().Where(entry => entry.Slot.IsParameter && entry.Slot.Value.dim() == 2)
        .Sum(entry => entry.Slot.Value.numel());

    /// <summary>Multiplications per second of the products of one hidden layer.</summary>
    private static double Rate(int rows, int width, Device place)
    {
        const int Repeats = 40;
        using var scope = NewDisposeScope();
        Tensor hidden = rand(rows, width, device: place), weight = rand(width, width, device: place),
            gradient = rand(rows, width, device: place);
        var time = Measurement.Of(() =>
        {
            for (var i = 0; i < Repeats; i++)
            {
                using var forward = hidden.mm(weight);
                using var toInput = gradient.mm(weight);
                using var toWeight = gradient.t().mm(hidden);
            }

            if (place.type == TorchSharp.DeviceType.CUDA) cuda.synchronize();
        });
        return 3.0 * Repeats * rows * width * width / time.Median;
    }
}
