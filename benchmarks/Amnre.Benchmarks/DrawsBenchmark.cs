using Amnre.Engine;
using Amnre.Engine.Catalog;
using Amnre.Engine.ChainRule;
using Amnre.Engine.Draws;
using Amnre.Engine.Estimators;
using Amnre.Engine.Inference;
using Amnre.Engine.Masks;
using Amnre.Engine.Native;
using Amnre.Engine.Sampling;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;
using static TorchSharp.torch;

namespace Amnre.Benchmarks;

/// <summary>Draws of one posterior of an AMNRE of 7×256 on all processors, against the rate of matrix products.</summary>
internal static class DrawsBenchmark
{
    private const int Draws = 10_000;

    /// <summary>Draws of each side that a classifier compares: with more it takes minutes, and these tell 0.50 from 0.51.</summary>
    private const int Compares = 4000;

    /// <summary>Multiplications and additions of one evaluation, apart from the first and the last layer.</summary>
    private const double Operations = 7 * 2.0 * 256 * 256;

    public static IEnumerable<string> Run()
    {
        var threads = Environment.ProcessorCount;
        TorchLibrary.SetThreads(threads);
        yield return $"draws on {threads} threads, {Draws} of one posterior:";
        var simulator = SimulatorCatalog.Find("HH");
        using var model = UntrainedModel.Load(simulator, threads);
        var (theta, x) = (new float[simulator.ThetaSize], new float[simulator.ObservationSize]);
        simulator.Sample(1, 0, theta, x);
        TorchLibrary.SetThreads(threads);
        var peak = Products();
        yield return $"matrix products of 4096x256x256: {peak / 1e9:0} GFLOP/s";

        var (mask, quiet) = (ParameterMask.Full(simulator.ThetaSize), RunContext.Unwatched(default));
        ObservedMarginals Observed() => new(simulator, model, x);
        ChainRuleSampler Sampler() => ChainRuleSampler.Of(Observed(), mask, ChainRuleGrid.Default)!;
        var evaluations = 0.0;
        var rule = Measurement.Of(() =>
        {
            var sampler = Sampler();
            sampler.Draw(0, Draws, 1, 0, quiet);
            evaluations = sampler.Evaluations;
        });
        yield return $"chain rule, {mask.Count} parameters: {rule.Median:0.00} s ({rule.Least:0.00} to {rule.Most:0.00}), " +
            $"{evaluations / Draws:0} evaluations a draw; {evaluations * Operations / rule.Median / peak:P0} of the products' rate";
        var joint = Measurement.Of(() => JointDraws.Of(Observed(), mask, Draws, 1, 0, quiet));
        yield return $"the same with the proposals that make them worth {Draws}: {joint.Median:0.00} s";
        var chains = Measurement.Once(() => ChainDraws.Of(simulator, model, mask, x, Draws, 1, 0, quiet));
        yield return $"chains, until they agree: {chains:0.00} s; {chains / joint.Median:0.0} times the chain rule's";
        var settings = new ChainSettings { Chains = 4096, Steps = 64, Burn = 0, Seed = 1 };
        var worth = 0.0;
        var importance = Measurement.Of(() => worth = Importance(simulator, model, mask, x, settings));
        yield return $"importance, {settings.Chains * settings.Steps} from the prior: {importance.Median:0.00} s, worth {worth:0} draws";
        yield return Compared(JointDraws.Of(Observed(), mask, Compares, 1, 0, quiet).Theta,
            ChainDraws.Of(simulator, model, mask, x, Compares, 2, 0, quiet).Theta, mask.Count, threads);
        yield return Marginals(threads);
        TorchLibrary.SetThreads(1);
    }

    private static string Compared(float[] rule, float[] chains, int size, int threads)
    {
        var accuracy = 0.0;
        var took = Measurement.Once(() => accuracy = ClassifierTwoSampleTest.Accuracy(chains, rule, size, 1, threads, default));
        return $"C2ST of the chain rule's and the chains', {Compares} each: {accuracy:0.000}; {took:0.0} s";
    }

    private static string Marginals(int threads)
    {
        var simulator = SimulatorCatalog.Find("SLCP");
        using var model = UntrainedModel.Load(simulator, threads);
        var (theta, x) = (new float[simulator.ThetaSize], new float[simulator.ObservationSize]);
        simulator.Sample(1, 0, theta, x);
        var parameters = Enumerable.Range(0, simulator.ThetaSize).ToList();
        // A parameter with itself is that parameter.
        List<ParameterMask> masks = [.. parameters.SelectMany(i => parameters.Where(j => j >= i),
            (i, j) => new ParameterMask(1u << i | 1u << j, simulator.ThetaSize))];
        var time = Measurement.Of(() =>
        {
            foreach (var one in masks) new MarginalGrid(simulator, one, Bumps.Bins).Evaluate(model, x, 1, 4096);
        });
        return $"all {masks.Count} marginals of one and two parameters of an SLCP observation, {Bumps.Bins} bins: {time.Median:0.00} s";
    }

    private static double Importance(
        ISimulator simulator, TrainedModel model, ParameterMask mask, float[] x, ChainSettings settings) =>
        ImportanceResampling.Draw(simulator, model, mask, x, settings, 0, _ => { }, default).EffectiveSize;

    private static double Products()
    {
        const int Rows = 4096, Repeats = 50;
        using var a = rand(Rows, 256);
        using var b = rand(256, 256);
        var time = Measurement.Of(() =>
        {
            for (var i = 0; i < Repeats; i++)
            {
                using var c = a.mm(b);
            }
        });
        return Repeats * 2.0 * Rows * 256 * 256 / time.Least;
    }
}
