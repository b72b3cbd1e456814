using System.Text.Json.Nodes;
using Amnre.Engine.Catalog;
using Amnre.Engine.Checkpoints;
using Amnre.Engine.Estimators;
using Amnre.Engine.Evaluation;
using Amnre.Engine.Masks;
using Amnre.Engine.MassTransport;
using Amnre.Engine.Native;
using Amnre.Engine.Networks;
using Amnre.Engine.Sampling;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;
using Amnre.Engine.Truth;
using static TorchSharp.torch;

namespace Amnre.Benchmarks;

/// <summary>Evaluation of an AMNRE of 7×256 on all processors, against the original on two (in brackets; machines differ).</summary>
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

    /// <summary>Two broad bumps: the original takes 15.8 s for 26 of up to 1000 iterations.</summary>
    private static string Transport(int threads)
    {
        const int Bins = 100;
        static float[] Bump(double x, double y, double width)
        {
            var values = new double[Bins * Bins];
            for (var i = 0; i < values.Length; i++) values[i] = Math.Exp(-(Math.Pow(i / Bins - x, 2) + Math.Pow(i % Bins - y, 2)) / (2 * width * width));
            var sum = values.Sum();
            return Array.ConvertAll(values, value => (float)(value / sum));
        }

        var (p, q) = (Bump(40, 50, 12), Bump(55, 45, 16));
        var time = Measurement.Of(() => EntropicTransport.Distance(p, q, 2, Bins, threads));
        return $"earth mover's distance, 100x100: {time.Median:0.000} s a pair ({time.Least:0.000} to {time.Most:0.000}) [original 15.8 s for 26 iterations, 537 s for 1000]: {15.8 / time.Median:0} and {537 / time.Median:0} times";
    }

    private static IEnumerable<string> Truth(int threads)
    {
        var simulator = SimulatorCatalog.Find("SLCP");
        var (theta, x) = (new float[5], new float[8]);
        simulator.Sample(1, 0, theta, x);
        foreach (var (what, burn) in new[] { ("without counting", 511), ("with its histogram", 0) })
        {
            var settings = new ChainSettings { Chains = 4096, Steps = 512, Burn = burn, Seed = 1 };
            var time = Measurement.Of(() => TruePosterior.Joint(simulator, x, 0, 100, settings, threads, CancellationToken.None));
            var original = burn == 0 ? 3.6e-3 + 75.0 / 8192 : 3.6e-3;
            yield return $"chains on the likelihood, 4096 a step, {what}: {time.Median / 512 * 1e3:0.000} ms a step [original {original * 1e3:0.0} ms]: {original * 512 / time.Median:0} times";
        }
    }

    private static IEnumerable<string> Pairs(int threads)
    {
        var simulator = SimulatorCatalog.Find("SLCP");
        using var scratch = new ScratchFolder();
        var folder = scratch.Root;
        using var model = Model(simulator, folder, threads);
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
        yield return $"classify, 3 masks: {rate:0} rows/s [original 9700]: {rate / 9700:0.0} times; {rate * 6 * 7 * 2 * 256 * 256 / peak:P0} of the products' rate";

        const int Steps = 16;
        var chains = new ChainSettings { Chains = Rows, Steps = Steps, Burn = 0, Seed = 1, Proposals = Rows };
        var walk = Measurement.Of(() => JointSampler.Draw(simulator, model, masks[2], x.AsSpan(0, 8), chains, 0, _ => { }, CancellationToken.None));
        // The start takes one step's evaluations for the proposals and one for the states.
        yield return $"chains on the ratio, {Rows} a step: {walk.Median / (Steps + 2) * 1e3:0.0} ms a step [original 74 ms]: {74e-3 * (Steps + 2) / walk.Median:0.0} times; {(Steps + 2.0) * Rows * 7 * 2 * 256 * 256 / walk.Median / peak:P0} of the products' rate";

        const int Observations = 128, Bins = 256;
        var grid = new MarginalGrid(simulator, masks[0], Bins);
        var lay = Measurement.Of(() => grid.Evaluate(model, x.AsSpan(0, Observations * 8), Observations, 1 << 15));
        var cells = Observations * Bins / lay.Median;
        yield return $"calibration, 256 bins: {Observations / lay.Median:0} marginals/s, {cells / 1e3:0} thousand evaluations/s [original 55 thousand]: {cells / 55e3:0.0} times; {cells * 7 * 2 * 256 * 256 / peak:P0} of the products' rate";
    }

    private static TrainedModel Model(ISimulator simulator, string folder, int threads)
    {
        var settings = new TrainSettings
        {
            Simulator = simulator.Name,
            Arbitrary = true,
            Model = new JsonObject { ["num_layers"] = 7, ["hidden_size"] = 256, ["activation"] = "ELU" },
        };
        using (var estimator = EstimatorAssembly.Build(settings, simulator, PriorMoments.Of(simulator), new ForwardMode()))
            StateFile.Write(Path.Combine(folder, "model.pth"), StateTransfer.Save(estimator));
        new ModelFile(settings, new TrainInputs(null, null, null, null), "model.pth", null).Write(Path.Combine(folder, "model.json"));
        return TrainedModel.Load(Path.Combine(folder, "model.pth"), simulator, threads);
    }
}
