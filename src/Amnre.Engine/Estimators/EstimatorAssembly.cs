using Amnre.Engine.Masks;
using Amnre.Engine.Networks;
using Amnre.Engine.Simulators;
using Amnre.Engine.Training;

namespace Amnre.Engine.Estimators;

/// <summary>Builds the estimator that settings describe; the one place that knows which settings mean which family.</summary>
internal static class EstimatorAssembly
{
    /// <summary>The estimator with initial weights drawn from the settings' seed.</summary>
    /// <exception cref="InputException">The keywords of a network are faulty; names all of them.</exception>
    public static Estimator Build(TrainSettings settings, ISimulator simulator, PriorMoments prior, ForwardMode mode)
    {
        var faults = new List<(string Field, string Message)>();
        var network = NetworkOptions.Read(settings.Model, "model", faults);
        var embedding = Embedding(settings, faults);
        if (faults.Count > 0) throw new InputException(string.Join("; ", faults.Select(fault => $"{fault.Field}: {fault.Message}")));

        var construction = new Construction(new InitialWeights(settings.Seed), mode);
        var observation = simulator.ObservationShape.Aggregate(1, (product, size) => product * size);
        return settings switch
        {
            { Arbitrary: true, Hyper: null } => new ArbitraryRatioEstimator(network, embedding, observation, prior, construction),
            { Flow: false, Masks.Count: 0 } => new NeuralRatioEstimator(network, embedding, observation, prior, construction),
            _ => throw new InputException("only ratios of all parameters (NRE) and of any subset (AMNRE without hyper-network) can be built"),
        };
    }

    /// <summary>Null for flattening alone, which is what anything without an architecture means.</summary>
    public static NetworkOptions? Embedding(TrainSettings settings, ICollection<(string Field, string Message)> faults) =>
        settings.Embedding.Count == 0 ? null : NetworkOptions.Read(settings.Embedding, "embedding", faults, embedding: true);

    /// <summary>What an arbitrary estimator trains on; null for the others, whose subsets are fixed.</summary>
    public static RandomMasks? Masks(TrainSettings settings, int size)
    {
        if (!settings.Arbitrary) return null;

        var filter = settings.Filter is null ? ParameterMask.Full(size) : ParameterMask.Parse(settings.Filter);
        return settings.Masks.FirstOrDefault("uniform") switch
        {
            "uniform" => new UniformMasks(filter),
            "poisson" => new PoissonMasks(filter),
            _ => new ListedMasks(MaskList.Expand(settings.Masks, size, filter, out _)),
        };
    }
}
