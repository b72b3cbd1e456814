using Amnre.Engine.Checkpoints;
using Amnre.Engine.Declarations;
using Amnre.Engine.Embeddings;
using Amnre.Engine.Flows;
using Amnre.Engine.Masks;
using Amnre.Engine.Networks;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;
using static TorchSharp.torch;

namespace Amnre.Engine.Estimators;

/// <summary>Builds the estimator that settings describe; the one place that knows which settings mean which family.</summary>
internal static class EstimatorAssembly
{
    /// <summary>The estimator with initial weights drawn from the settings' seed.</summary>
    /// <exception cref="InputException">The keywords of a network are invalid; names all of them.</exception>
    public static Estimator Build(TrainSettings settings, ISimulator simulator, PriorMoments prior, ForwardMode mode)
    {
        var errors = new List<(string Field, string Message)>();
        var network = settings.Flow ? new NetworkOptions() : NetworkOptions.Read(settings.Model, "model", errors);
        var flow = settings.Flow ? FlowOptions.Read(settings.Model, "model", errors) : new FlowOptions();
        var hyper = settings.Hyper is null ? null : NetworkOptions.Read(settings.Hyper, "hyper", errors, architecture: "ResNet");
        var embedding = Embedding(settings, simulator, errors);
        errors.ThrowIfAny("networks");

        // What is only on the way to a weight lives to the end of the call that reads it.
        using var scope = NewDisposeScope();
        var construction = new Construction(new InitialWeights(settings.Seed), mode);
        var observation = simulator.ObservationShape;
        return settings switch
        {
            { Arbitrary: true, Hyper: null } => new ArbitraryRatioEstimator(network, embedding, observation, prior, construction),
            { Arbitrary: true } => new HyperRatioEstimator(network, hyper!, embedding, observation, prior, construction),
            { Flow: false, Masks.Count: 0, Trials: true } =>
                new TrialsRatioEstimator(network, embedding, observation, prior, construction),
            { Flow: false, Masks.Count: 0 } => new NeuralRatioEstimator(network, embedding, observation, prior, construction),
            { Flow: true, Masks.Count: 0 } => new NeuralPosteriorEstimator(flow, embedding, observation, prior, construction),
            { Flow: false } => new ListedSubsetsEstimator(Listed(settings, prior.Size), embedding, observation, prior, construction,
                (moments, size) => new NeuralRatioEstimator(network, null, [size], moments, construction)),
            { Flow: true } => new ListedSubsetsEstimator(Listed(settings, prior.Size), embedding, observation, prior, construction,
                (moments, size) => new NeuralPosteriorEstimator(flow, null, [size], moments, construction)),
        };
    }

    /// <summary>Whether a model of arrays is asked about the simulator that they may have come from.</summary>
    private static bool IsDescribed(string trained, ISimulator simulator) =>
        SimulatorReference.IsDeclared(trained) && DeclaredSimulator.Of(trained).Describes(simulator);

    /// <summary>A trained estimator from its weights and the settings beside them, in evaluation mode.</summary>
    /// <exception cref="InputException">A file is missing or damaged, or the two do not belong together.</exception>
    public static (Estimator Estimator, ModelFile File) Load(string pthPath, ISimulator simulator)
    {
        var file = ModelFile.Read(SettingsBeside(pthPath));
        if (SimulatorReference.Identity(file.Settings.Simulator) != SimulatorReference.Identity(simulator.Name)
            && !IsDescribed(file.Settings.Simulator, simulator))
        {
            var trained = SimulatorReference.Plain(file.Settings.Simulator);
            throw new InputException($"'{pthPath}' was trained for simulator {trained}" + (trained == simulator.PlainName
                ? ", which has changed since: put it back, or train again"
                : $", not {simulator.PlainName}: choose {trained}"));
        }

        if (file.TrainedOn?.Differs(simulator) is { } difference)
            throw new InputException($"'{pthPath}' was trained with {difference}: use it with the simulator as it was then, or train " +
                "again");
        var size = simulator.ThetaSize;
        var state = StateFile.Read(pthPath);
        // The moments of the prior come with the weights. Models of before estimators took logarithms take none.
        var placeholder = PriorMoments.Given(
            new float[size], [.. Enumerable.Repeat(1f, size)],
            LogarithmicColumns.AreIn(state.Keys) ? PriorMoments.LogarithmicOf(simulator) : new bool[size]);
        var estimator = Build(file.Settings, simulator, placeholder, new ForwardMode());
        try
        {
            StateTransfer.Load(estimator, state, pthPath);
            return (estimator, file);
        }
        catch
        {
            estimator.Dispose();
            throw;
        }
    }

    /// <summary>The settings file of weights: theirs, or that of the model whose best or last epoch they are.</summary>
    public static string SettingsBeside(string weights)
    {
        var own = Path.ChangeExtension(weights, ".json");
        var stem = Path.ChangeExtension(weights, null);
        return !File.Exists(own) && Path.GetExtension(stem) is ".best" or ".last" ? Path.ChangeExtension(stem, ".json") : own;
    }

    /// <summary>The frozen estimator that weighs the training of a model with these settings.</summary>
    /// <exception cref="InputException">Its files are invalid, or it lacks a subset of the model.</exception>
    public static Adversary LoadAdversary(string pthPath, TrainSettings settings, ISimulator simulator)
    {
        var adversary = new Adversary(Load(pthPath, simulator).Estimator, simulator, Listed(settings, simulator.ThetaSize));
        try
        {
            adversary.CheckCovers(simulator.ThetaSize);
            return adversary;
        }
        catch
        {
            adversary.Dispose();
            throw;
        }
    }

    /// <summary>Null for flattening alone, which is what anything without an architecture means.</summary>
    public static EmbeddingOptions? Embedding(
        TrainSettings settings, ISimulator simulator, ICollection<(string Field, string Message)> errors)
    {
        if (settings.Embedding.Count == 0) return null;
        var options = EmbeddingOptions.Read(settings.Embedding, "embedding", errors);
        if (options.Error(EmbeddedShape(settings, simulator)) is { } error) errors.Add(("embedding.axis", error));
        return options;
    }

    /// <summary>The shape of what the embedding sees: an observation, or one trial of it.</summary>
    public static IReadOnlyList<int> EmbeddedShape(TrainSettings settings, ISimulator simulator) =>
        settings.Trials ? TrialsRatioEstimator.ShapeOfTrial(simulator.ObservationShape) : simulator.ObservationShape;

    /// <summary>What an arbitrary estimator trains on; null for the others, whose subsets are fixed.</summary>
    public static RandomMasks? Masks(TrainSettings settings, int size)
    {
        if (!settings.Arbitrary) return null;

        var filter = Filter(settings, size);
        return settings.Masks.FirstOrDefault("uniform") switch
        {
            "uniform" => new UniformMasks(filter),
            "poisson" => new PoissonMasks(filter),
            _ => new ListedMasks(Listed(settings, size)),
        };
    }

    private static ParameterMask Filter(TrainSettings settings, int size) =>
        settings.Filter is null ? ParameterMask.Full(size) : ParameterMask.Parse(settings.Filter);

    private static IReadOnlyList<ParameterMask> Listed(TrainSettings settings, int size) =>
        MaskList.Expand(settings.Masks, size, Filter(settings, size), out _);
}
