using Amnre.Engine.Catalog;
using Amnre.Engine.Evaluation;
using Amnre.Engine.Masks;
using Amnre.Engine.MassTransport;
using Amnre.Engine.Native;
using Amnre.Engine.Sampling;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;
using Amnre.Engine.Truth;
using static TorchSharp.torch;

namespace Amnre.Benchmarks;

/// <summary>Evaluation of an AMNRE of 7×256 on all processors, against the rate of matrix products.</summary>
internal static class EvaluationBenchmark
{
    private const int Rows = 4096;

    public static IEnumerable<string> Run()
    {
        var threads = Environment.ProcessorCount;
        TorchLibrary.SetThreads(threads);
        yield return $"evaluation on {threads} threads:";
        yield return Transport(threads);
        foreach (var line in Truth(threads)) yield return line;
        foreach (var line in Pairs(threads)) yield return line;
        TorchLibrary.SetThreads(1);
    }

    private static string Transport(int threads)
    {
        var time = Measurement.Of(() => EntropicTransport.Distance(Bumps.First, Bumps.Second, 2, Bumps.Bins, threads));
        return $"earth mover's distance, {Bumps.Bins}x{Bumps.Bins}: {time.Median:0.000} s a pair ({time.Least:0.000} to {time.Most:0.000})";
    }

    private static IEnumerable<string> Truth(int threads)
    {
        var simulator = new Slcp();
        var (theta, x) = (new float[5], new float[8]);
        simulator.Sample(1, 0, theta, x);
        foreach (var (what, burn) in new[] { ("without counting", 511), ("with its histogram", 0) })
        {
            var settings = new ChainSettings { Chains = 4096, Steps = 512, Burn = burn, Seed = 1 };
            var time = Measurement.Of(() => TruePosterior.Joint(simulator, x, 0, 100, settings, threads, CancellationToken.None));
            yield return $"chains on the likelihood, 4096 a step, {what}: {time.Median / 512 * 1e3:0.000} ms a step";
        }
    }

    private static IEnumerable<string> Pairs(int threads)
    {
        var simulator = SimulatorCatalog.Find("SLCP");
        using var model = UntrainedModel.Load(simulator, threads);
        var (theta, x) = (new float[Rows * 5], new float[Rows * 8]);
        simulator.Sample(2, 0, theta, x);
        using var a = rand(Rows, 256);
        using var b = rand(256, 256);
        TorchLibrary.SetThreads(threads);
        var product = Measurement.Of(() =>
        {
            for (var i = 0; i < 50; i++)
            {
                using var c = a.mm(b);
            }
        });
        TorchLibrary.SetThreads(1);
        var peak = 50 * 2.0 * Rows * 256 * 256 / product.Least;
        yield return $"matrix products of 4096x256x256: {peak / 1e9:0} GFLOP/s";

        ParameterMask[] masks = [ParameterMask.Parse("00100"), ParameterMask.Parse("00110"), ParameterMask.Parse("11111")];
        var classify = Measurement.Of(() => new PairTests(model, masks, Rows, classify: true).Add(theta, x, Rows));
        var rate = Rows / classify.Median;
        // Six evaluations a row, of seven products of 256×256 each.
        yield return $"classify, 3 masks: {rate:0} rows/s; {rate * 6 * 7 * 2 * 256 * 256 / peak:P0} of the products' rate";

        const int Steps = 16;
        var chains = new ChainSettings { Chains = Rows, Steps = Steps, Burn = 0, Seed = 1, Proposals = Rows };
        var walk = Measurement.Of(
            () => JointSampler.Draw(simulator, model, masks[2], x.AsSpan(0, 8), chains, 0, _ => { }, CancellationToken.None));
        // The start takes one step's evaluations for the proposals and one for the states.
        yield return $"chains on the ratio, {Rows} a step: {walk.Median / (Steps + 2) * 1e3:0.0} ms a step; " +
            $"{(Steps + 2.0) * Rows * 7 * 2 * 256 * 256 / walk.Median / peak:P0} of the products' rate";

        const int Observations = 128, Bins = 256;
        var grid = new MarginalGrid(simulator, masks[0], Bins);
        var lay = Measurement.Of(() => grid.Evaluate(model, x.AsSpan(0, Observations * 8), Observations, 1 << 15));
        var cells = Observations * Bins / lay.Median;
        yield return $"calibration, 256 bins: {Observations / lay.Median:0} marginals/s, {cells / 1e3:0} thousand evaluations/s; " +
            $"{cells * 7 * 2 * 256 * 256 / peak:P0} of the products' rate";
    }
}
