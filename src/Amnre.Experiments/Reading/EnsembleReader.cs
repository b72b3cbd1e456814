using Amnre.Engine;
using Amnre.Engine.Settings;
using Amnre.Experiments.Fields;
using Amnre.Experiments.Plans;

namespace Amnre.Experiments.Reading;

/// <summary>Reads a model that is several trainings above it, as one posterior.</summary>
internal static class EnsembleReader
{
    /// <summary>The key that makes a section of models an ensemble.</summary>
    public const string Key = "ensemble";

    public static ModelSection Read(Member member, IReadOnlyList<ModelSection> above, MomentChecks moments)
    {
        var body = member.Body;
        var groups = new ModelGroups([.. above.Where(model => model.Combine is null)]);
        List<ModelSection> trainings = [.. (groups.Read(body, Key) ?? []).SelectMany(series => series.Members).Distinct()
            .Select(groups.Member).OfType<ModelSection>()];
        var combine = Combination.Mean;
        if (body.Text("combine") is { } text && !EnumName.TryParse(text, out combine))
            body.Error("combine", $"combine '{text}' is unknown: give one of {string.Join(", ", EnumName.All<Combination>())}");
        body.RefuseTheRest();
        if (trainings.Count == 0)
            return new ModelSection(member.Name, new() { Simulator = "" }, "", null, null, null) { Combine = combine };

        foreach (var other in trainings.Skip(1))
            if (moments.Error(other.Samples, trainings[0].Samples, $"the training data of model '{trainings[0].Name}'") is { } apart)
                body.Error(Key, $"members '{trainings[0].Name}' and '{other.Name}' are of different data: {apart}");
        if (combine == Combination.Mixture && trainings.Find(one => one.Settings.HasFreeFactor) is { } free)
            body.Error("combine", $"combine 'mixture' would weigh model '{free.Name}' of criterion NRE-B or of trials by the free " +
                "factor of its ratios: write 'mean'");
        return new ModelSection(member.Name, Common(trainings), trainings[0].Samples, null, null, null)
        {
            Ensemble = [.. trainings.Select(one => one.Name)],
            Combine = combine,
            Origin = member.Group,
        };
    }

    /// <summary>What evaluations ask of a model's settings: which subsets it knows, and whether its ratios are known up to a
    /// factor.</summary>
    private static TrainSettings Common(List<ModelSection> trainings)
    {
        // An AMNRE knows whatever another member does.
        var settings = trainings.Select(one => one.Settings).FirstOrDefault(one => !one.Arbitrary) ?? trainings[0].Settings;
        return trainings.Find(one => one.Settings.HasFreeFactor) is { Settings: var free }
            ? settings with { Criterion = free.Criterion, Trials = free.Trials }
            : settings;
    }
}
