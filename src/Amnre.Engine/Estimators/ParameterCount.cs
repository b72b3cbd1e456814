using System.Numerics;
using Amnre.Engine.Embeddings;
using Amnre.Engine.Flows;
using Amnre.Engine.Masks;
using Amnre.Engine.Networks;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Estimators;

/// <summary>How many numbers of an estimator are trained, by the widths in its settings, without building it.</summary>
/// <remarks>Mirrors the constructors of <see cref="FeedForward"/>, <see cref="Made"/> and <see cref="GeneratedNetwork"/>; a test compares
/// them over many settings.</remarks>
internal static class ParameterCount
{
    /// <param name="settings">Without validation errors.</param>
    /// <param name="simulator">Gives the numbers of parameters and of observed values.</param>
    public static BigInteger Of(TrainSettings settings, ISimulator simulator)
    {
        var unread = new List<(string, string)>();
        var size = simulator.ThetaSize;
        var embedding = EstimatorAssembly.Embedding(settings, simulator, unread);
        var shape = EstimatorAssembly.EmbeddedShape(settings, simulator);
        var width = embedding?.OutputSize ?? shape.Aggregate(1, (product, length) => product * length);
        var shared = embedding is null ? BigInteger.Zero : Embedding(embedding, shape);
        var subsets = settings is { Arbitrary: false, Masks.Count: > 0 } ? Masks(settings, size).Select(mask => mask.Count) : [size];
        if (settings.Flow)
        {
            var flow = FlowOptions.Read(settings.Model, "model", unread);
            return shared + Sum(subsets.Select(count => Flow(flow, count, width)));
        }

        var network = NetworkOptions.Read(settings.Model, "model", unread);
        if (!settings.Arbitrary) return shared + Sum(subsets.Select(count => Network(network, count + width, 1)));
        if (settings.Hyper is null) return shared + Network(network, 2 * size + width, 1);
        // Those of the generated network are not trained.
        var generated = Network(network, size + width, 1);
        return shared + Network(NetworkOptions.Read(settings.Hyper, "hyper", unread, architecture: "ResNet"), size, generated);
    }

    private static IEnumerable<ParameterMask> Masks(TrainSettings settings, int size) =>
        MaskList.Expand(settings.Masks, size, settings.Filter is { } filter ? ParameterMask.Parse(filter) : null, out _);

    private static BigInteger Embedding(EmbeddingOptions options, IReadOnlyList<int> shape)
    {
        var size = shape.Aggregate(BigInteger.One, (product, length) => product * length);
        var isPartial = options.Missing > 0;
        BigInteger output = options.OutputSize, hidden = options.HiddenSize;
        switch (options.Architecture)
        {
            case EmbeddingOptions.DeepSet:
                var features = options.ElementsOf(shape).Size;
                return Network(options.Network, features, options.Network.HiddenSize)
                    + Linear(options.Network.HiddenSize + 1, output, true);
            case EmbeddingOptions.SetTransformer:
                var block = 4 * hidden + Linear(hidden, 3 * hidden, true) + Linear(hidden, hidden, true)
                    + Linear(hidden, 2 * hidden, true) + Linear(2 * hidden, hidden, true);
                return Linear(options.ElementsOf(shape).Size, hidden, true) + options.Blocks * block + 2 * hidden
                    + Linear(hidden + 1, output, true);
            case EmbeddingOptions.Cnn:
                BigInteger channels = options.ElementsOf(shape).Size * (isPartial ? 2 : 1);
                BigInteger sum = 0;
                foreach (var filters in options.Filters)
                {
                    sum += Linear(channels * options.KernelSize, filters, true) + (options.Normalization is null ? 0 : 2 * filters);
                    channels = filters;
                }

                return sum + Linear(channels * options.Pooled, output, true);
            default:
                return Network(options.Network, isPartial ? 2 * size : size, output);
        }
    }

    private static BigInteger Network(NetworkOptions options, BigInteger input, BigInteger output)
    {
        if (options.Architecture != "ResNet")
            return Linear(input, options.HiddenSize, options.Bias) + Tail(options, options.HiddenSize, output);
        var size = options.ResidualSize;
        return Linear(input, size, true) + options.Blocks * Tail(options, size, size) + Linear(size, output, true);
    }

    private static BigInteger Tail(NetworkOptions options, BigInteger size, BigInteger output)
    {
        var activated = (options.Activation == "PReLU" ? 1 : 0) + (options.Normalization is "batch" or "layer" or "group" ? 2 * size : 0);
        return activated + options.Layers * (Linear(size, size, options.Bias) + activated) + Linear(size, output, options.Bias);
    }

    private static BigInteger Linear(BigInteger input, BigInteger output, bool bias) => input * output + (bias ? output : 0);

    private static BigInteger Flow(FlowOptions options, int size, BigInteger context)
    {
        BigInteger hidden = options.HiddenFeatures;
        BigInteger weights = 0, multiplier = 2;
        if (options.Architecture == "PRQ") multiplier = 3 * options.Bins - 1;
        if (options.Architecture == "UMNN")
        {
            multiplier = options.ConditionSize;
            BigInteger input = 1 + options.ConditionSize;
            foreach (var layer in options.IntegrandLayers)
            {
                weights += Linear(input, layer, true);
                input = layer;
            }

            weights += Linear(input, 1, true);
        }

        var block = options.ResidualBlocks
            ? Linear(context, hidden, true) + 2 * Linear(hidden, hidden, true) + (options.BatchNorm ? 4 * hidden : 0)
            : Linear(hidden, hidden, true) + (options.BatchNorm ? 2 * hidden : 0);
        var linear = options.LuLinear ? (BigInteger)size * (size + 1) : 0;
        var steps = size > 1 ? options.Transforms : 1;
        if (options.Coupling)
        {
            BigInteger left = size / 2, right = size - size / 2;
            var halves = Network(options.Conditioner, left + context, right * multiplier)
                + (left > 0 ? Network(options.Conditioner, right + context, left * multiplier) : 0);
            return steps * (halves + weights + linear);
        }

        var made = Linear(size, hidden, true) + Linear(context, hidden, true) + options.Blocks * block
            + Linear(hidden, size * multiplier, true);
        return steps * (made + weights + linear);
    }

    private static BigInteger Sum(IEnumerable<BigInteger> counts) => counts.Aggregate(BigInteger.Zero, (sum, count) => sum + count);
}
