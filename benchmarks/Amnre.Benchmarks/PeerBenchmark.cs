using System.Globalization;
using Amnre.Engine.Catalog;
using Amnre.Engine.Draws;
using Amnre.Engine.Evaluation;
using Amnre.Engine.Masks;
using Amnre.Engine.MassTransport;
using Amnre.Engine.Native;
using Amnre.Engine.Sampling;
using Amnre.Engine.Settings;
using static TorchSharp.torch;

namespace Amnre.Benchmarks;

/// <summary>The rows that people care about, each beside the same work in PyTorch and h5py, in turns on the same machine.</summary>
internal static class PeerBenchmark
{
    private const int Chains = 4096, ChainSteps = 16, ClassifiedRows = 4096, DrawnRows = 1 << 18, ClassifierSteps = 200, Few = 3;

    public static IEnumerable<string> Run()
    {
        var (settings, about) = PeerSettings.Choose();
        yield return about;
        if (settings is null) yield break;

        yield return "| work | threads | Amnre, ms | peer, ms | Amnre : peer, turn by turn |";
        yield return "|---|---|---|---|---|";
        int[] all = Environment.ProcessorCount == 1 ? [1] : [1, Environment.ProcessorCount];
        foreach (var threads in all)
        {
            yield return Products(settings, threads);
            foreach (var line in Amnre(settings, 7, 256, 5, threads)) yield return line;
        }

        foreach (var line in Amnre(settings, 5, 128, 20, 1)) yield return line;
        yield return Step(settings, "NRE step, 7x256", TrainingSteps.Nre(7, 256), 5, "step_nre.py", "7", "256");
        yield return Step(settings, "MNRE step, 16 networks of 7x256", TrainingSteps.Mnre(7, 256), 1, "step_mnre.py", "7", "256");
        yield return Step(settings, "NPE step, 7 transforms of 3 blocks of 128", TrainingSteps.Npe(7, 128, 3), 5, "step_npe.py", "7", "128",
            "3");
        foreach (var line in Evaluation(settings, all[^1])) yield return line;
        yield return Classifier(settings);
        yield return Draws(settings);
        TorchLibrary.SetThreads(1);
    }

    private static string Products(PeerSettings peer, int threads)
    {
        const int Rows = 2048, Repeats = 20;
        using var a = rand(Rows, 256);
        using var b = rand(256, 256);
        TorchLibrary.SetThreads(threads);
        return Row(peer, string.Create(CultureInfo.InvariantCulture, $"matrix product of {Rows}x256x256"), threads, Repeats,
            Measurement.Repeats, () =>
        {
            for (var i = 0; i < Repeats; i++)
            {
                using var c = a.mm(b);
            }
        }, "products.py", $"{Rows}");
    }

    /// <summary>Against PyTorch, and against what current libtorch's own modules make of the same, with its choice of kernels and with
    /// ours.</summary>
    private static IEnumerable<string> Amnre(PeerSettings peer, int layers, int width, int steps, int threads)
    {
        var name = $"AMNRE step, {layers}x{width}";
        using var training = new TrainingSteps(TrainingSteps.Amnre(layers, width) with { Threads = threads });
        TorchLibrary.SetThreads(threads);
        void Work() => training.Take(steps);
        yield return Row(peer, name, threads, steps, Measurement.Repeats, Work, "step_amnre.py", $"{layers}", $"{width}", $"{steps}");
        foreach (var isReleased in (bool[])[false, true])
        {
            using var plain = PlainModules.Start(layers, width, steps, threads, isReleased);
            if (plain is not null)
                yield return Row($"{name}; the peer is {plain.Version}'s own modules with " +
                    $"{(isReleased ? "the kernels that Amnre chooses" : "the kernels that MKL chooses")}", threads, steps,
                    Turns.Take(Work, plain));
        }
    }

    private static string Step(PeerSettings peer, string name, TrainSettings settings, int steps, string script, params string[] arguments)
    {
        using var training = new TrainingSteps(settings);
        TorchLibrary.SetThreads(1);
        return Row(peer, name, 1, steps, Measurement.Repeats, () => training.Take(steps), script, [.. arguments, $"{steps}"]);
    }

    private static IEnumerable<string> Evaluation(PeerSettings peer, int threads)
    {
        var simulator = SimulatorCatalog.Find("SLCP");
        using var model = UntrainedModel.Load(simulator, threads);
        var (theta, x) = (new float[ClassifiedRows * 5], new float[ClassifiedRows * 8]);
        simulator.Sample(2, 0, theta, x);
        var chains = new ChainSettings { Chains = Chains, Steps = ChainSteps, Burn = 0, Seed = 1, Proposals = Chains };
        // The start draws proposals and evaluates them and the states: two steps' evaluations more than the peer's, which takes one for its
        // start.
        yield return Row(peer, $"step of {Chains} chains on the ratio", threads, ChainSteps, Measurement.Repeats,
            () => JointSampler.Draw(simulator, model, ParameterMask.Parse("11111"), x.AsSpan(0, 8), chains, 0, _ => { },
                CancellationToken.None), "chain_ratio.py", $"{Chains}", $"{ChainSteps}");

        ParameterMask[] masks = [ParameterMask.Parse("00100"), ParameterMask.Parse("00110"), ParameterMask.Parse("11111")];
        yield return Row(peer, $"classify {ClassifiedRows} rows, 3 subsets", threads, 1, Measurement.Repeats,
            () => new PairTests(model, masks, ClassifiedRows, classify: true).Add(theta, x, ClassifiedRows), "classify.py",
            $"{ClassifiedRows}");

        var grid = new MarginalGrid(simulator, masks[1], Bumps.Bins);
        yield return Row(peer, $"grid histogram of {Bumps.Bins}x{Bumps.Bins} cells", threads, 1, Measurement.Repeats,
            () => grid.Evaluate(model, x.AsSpan(0, 8), 1, 4096), "grid_histogram.py", $"{Bumps.Bins}");
        yield return Row(peer, $"entropic transport, {Bumps.Bins}x{Bumps.Bins} cells ({Few} turns)", threads, 1, Few,
            () => EntropicTransport.Distance(Bumps.First, Bumps.Second, 2, Bumps.Bins, threads), "entropic_transport.py", $"{Bumps.Bins}");
    }

    private static string Classifier(PeerSettings peer)
    {
        const int Size = 5, BatchRows = 200;
        TorchLibrary.SetThreads(1);
        using var off = no_grad();
        using var classifier = new TwoLayerClassifier(Size, 10 * Size, seed: 1, index: 0);
        using var data = randn(BatchRows, Size);
        using var labels = rand(BatchRows).lt(0.5).to(float32);
        var sides = labels.data<float>().ToArray();
        return Row(peer, "step of the classifier of C2ST, batch 200", 1, ClassifierSteps, Measurement.Repeats, () =>
        {
            for (var i = 0; i < ClassifierSteps; i++)
            {
                using var scope = NewDisposeScope();
                classifier.Step(data, sides);
            }
        }, "two_sample_classifier.py", $"{ClassifierSteps}");
    }

    private static string Draws(PeerSettings peer)
    {
        var simulator = SimulatorCatalog.Find("SLCP");
        var (theta, x) = (new float[DrawnRows * 5], new float[DrawnRows * 8]);
        return Row(peer, $"{DrawnRows} SLCP draws", 1, 1, Measurement.Repeats, () => simulator.Sample(1, 0, theta, x), "draw_slcp.py",
            $"{DrawnRows}");
    }

    private static string Row(PeerSettings settings, string name, int threads, int parts, int turns, Action work, string script,
        params string[] arguments)
    {
        using var peer = Peer.OfScript(script, settings.Environment(threads), arguments);
        return peer is null
            ? $"| {name} | {threads} | not compared: the peer's script ended | | |"
            : Row(name, threads, parts, Turns.Take(work, peer, turns));
    }

    /// <param name="parts">Steps or products in one turn; times are of one of them.</param>
    private static string Row(string name, int threads, int parts, Turns turns) => string.Create(CultureInfo.InvariantCulture,
        $"| {name} | {threads} | {Pairs.Median(turns.Ours) / parts * 1e3:0.00} | {Pairs.Median(turns.Theirs) / parts * 1e3:0.00} | " +
            $"{turns.Ratio} |");
}
