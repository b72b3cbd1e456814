using Amnre.Engine.Estimators;
using Amnre.Engine.Posteriors;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Ensembles;

/// <summary>Opens a trained model, or several as an ensemble.</summary>
public static class TrainedPosterior
{
    /// <param name="models">Weights (<c>.pth</c>) with their settings (<c>.json</c>) beside them; at least one.</param>
    /// <param name="combine">How several are one posterior; null for one model.</param>
    /// <param name="simulator">The simulator that they were trained for.</param>
    /// <param name="threads">CPU threads that share the rows of an evaluation.</param>
    /// <param name="device">Where the networks run.</param>
    /// <exception cref="InputException">A file is missing or damaged, or the models are not of one kind.</exception>
    public static IMarginalPosterior Open(
        IReadOnlyList<string> models, Combination? combine, ISimulator simulator, int threads, ComputeDevice device) =>
        OpenTrained(models, combine, simulator, threads, device);

    /// <inheritdoc cref="Open"/>
    internal static ITrainedPosterior OpenTrained(
        IReadOnlyList<string> models, Combination? combine, ISimulator simulator, int threads, ComputeDevice device)
    {
        if (models.Count > 1 && combine is null) throw new ArgumentException("several models need a way of combining", nameof(combine));
        if (models.GroupBy(Path.GetFullPath).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new InputException($"ensemble: model '{twice.First()}' is named twice, and would count twice: name it once");
        var members = new List<TrainedModel>();
        try
        {
            foreach (var model in models)
            {
                if (!File.Exists(model))
                    throw new InputException($"there is no model '{model}': name the .pth of a trained model, with its .json beside it");
                members.Add(TrainedModel.Load(model, simulator, threads, device));
                if (Difference(members[0], members[^1]) is { } difference)
                    throw new InputException($"ensemble: model '{model}' {difference} '{models[0]}': name models that were trained on " +
                        "data of one kind");
                if (combine == Combination.Mixture && models.Count > 1 && members[^1].HasFreeFactor)
                    throw new InputException($"ensemble: model '{model}' was trained with criterion NRE-B or on trials, whose ratios are " +
                        "known up to a factor: a mixture would weigh members by these factors. Take the mean of log ratios (combine: mean)");
            }

            return combine is { } combination ? new Ensemble(members, combination) : members[0];
        }
        catch
        {
            members.ForEach(member => member.Dispose());
            throw;
        }
    }

    /// <summary>In what a model differs from the first, as a clause that its name follows; null in nothing that its file tells.</summary>
    private static string? Difference(TrainedModel first, TrainedModel other)
    {
        if (first.TrainedOn is not { } one || other.TrainedOn is not { } two) return null;
        return one.Simulator != two.Simulator ? "was trained on another version of the simulator than"
            : one.MomentsDigest != two.MomentsDigest ? "was trained on x standardised by other moments than"
            : one.BasisDigest != two.BasisDigest ? "was trained on x in another reduced basis than"
            : null;
    }
}
