using System.Globalization;
using Amnre.Engine.Catalog;
using Amnre.Engine.Native;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Amnre.Benchmarks;

/// <summary>The peer that current libtorch makes: a training step of its own modules, automatic differentiation and AdamW, written as one
/// writes PyTorch. Speaks as the scripts of <c>benchmarks/peers</c> do.</summary>
internal static class PlainModules
{
    public const string Verb = "--plain-modules";

    private const int Batch = 1024, Parameters = 5, Observed = 8;

    /// <summary>Starts it beside this process.</summary>
    /// <param name="isReleased">Whether MKL may use the kernels that Amnre lets it use, or only those that it takes by itself.</param>
    public static Peer? Start(int layers, int width, int steps, int threads, bool isReleased) => Peer.Start(
        Environment.ProcessPath!, [Verb, $"{layers}", $"{width}", $"{steps}", $"{threads}"],
        isReleased ? new Dictionary<string, string>() : new Dictionary<string, string> { [MatrixKernels.ChoiceVariable] = "maker" });

    public static void Serve(IReadOnlyList<string> arguments)
    {
        var numbers = arguments.Select(text => int.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        var (layers, width, steps) = (numbers[0], numbers[1], numbers[2]);
        TorchLibrary.SetThreads(numbers[3]);
        using var net = Perceptron(2 * Parameters + Observed, layers, width);
        using var optimizer = optim.AdamW(net.parameters(), lr: 1e-3, weight_decay: 1e-4);
        using var powers = tensor(new long[] { 1, 2, 4, 8, 16 });
        var simulator = SimulatorCatalog.Find("SLCP");
        var (theta, x) = (new float[Batch * Parameters], new float[Batch * Observed]);
        var row = 0L;
        void Work()
        {
            for (var i = 0; i < steps; i++, row += Batch)
            {
                using var scope = NewDisposeScope();
                simulator.Sample(1, row, theta, x);
                var mask = randint(1, 32, new long[] { Batch, 1 }, int64).bitwise_and(powers).ne(0).to(float32);
                var kept = tensor(theta, Batch, Parameters);
                var pairs = stack([kept, kept.roll(1, 0)]) * (Math.Sqrt(3) / 3) * mask;
                var inputs = cat(
                    [pairs, (2 * mask - 1).expand(2, Batch, Parameters), tensor(x, Batch, Observed).expand(2, Batch, Observed)], -1);
                var ratios = net.forward(inputs).squeeze(-1);
                var loss = -(functional.logsigmoid(ratios[0]) + functional.logsigmoid(-ratios[1])).mean();
                if (!float.IsFinite(loss.item<float>())) continue;
                optimizer.zero_grad();
                loss.backward();
                nn.utils.clip_grad_norm_(net.parameters(), 10);
                optimizer.step();
            }
        }

        Work();
        Work();
        Console.WriteLine($"libtorch {__version__}");
        while (Console.ReadLine() is not null) Console.WriteLine(Pairs.Seconds(Work).ToString("R", CultureInfo.InvariantCulture));
    }

    private static TorchSharp.Modules.Sequential Perceptron(int inputs, int layers, int width)
    {
        var modules = new List<Module<Tensor, Tensor>> { Linear(inputs, width), ELU() };
        for (var i = 0; i < layers; i++) modules.AddRange([Linear(width, width), ELU()]);
        return Sequential([.. modules, Linear(width, 1)]);
    }
}
