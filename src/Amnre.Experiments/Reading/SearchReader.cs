using Amnre.Engine.Searches;
using Amnre.Engine.Settings;
using Amnre.Experiments.Fields;
using Amnre.Experiments.Plans;

namespace Amnre.Experiments.Reading;

/// <summary>Reads a model that is the best of several trainings.</summary>
internal static class SearchReader
{
    /// <summary>The key that makes a section of models a search.</summary>
    public const string Key = "search";

    private const int DefaultFactor = 3;

    private const string Over = "over";

    /// <summary>What a search is not combined with.</summary>
    public static readonly string[] Apart = ["sweep", "replicates", "together", "weights", "adversary", EnsembleReader.Key];

    /// <summary>What all candidates have in common: it says what the posterior is, how long a training is, or where it runs.</summary>
    private static readonly string[] Common =
        ["samples", "valid", "arbitrary", "flow", "masks", "filter", "trials", "inverse", "keep", "epochs", "device", "resources",
            "extends", Key, .. Apart];

    /// <param name="name">Of the section.</param>
    /// <param name="body">Its fields.</param>
    /// <param name="members">Reads its candidates.</param>
    /// <param name="read">Reads one candidate as a training.</param>
    public static ModelSection Read(string name, Section body, Members members, Func<Member, ModelSection> read)
    {
        foreach (var key in Apart)
            body.RefuseAny(key, $"'{key}' cannot be combined with 'search': leave one of the two out, or give the settings that the " +
                "search finds to a section of their own");
        if (body.Nested(Key) is not { } search) return new ModelSection(name, new() { Simulator = "" }, "", null, null, null);
        var candidates = members.Candidates(name, body, search, Over, Refuse);
        var metric = search.Text("metric") ?? SearchMetrics.Validation;
        if (!SearchMetrics.Names.Contains(metric))
            search.Error("metric", $"metric '{metric}' is unknown: give one of {string.Join(", ", SearchMetrics.Names)}");
        List<SearchCandidate> trainings =
            [.. candidates.Select(one => new SearchCandidate(one.Label, one.Member.Origin.Values, read(one.Member)))];
        var first = trainings[0].Model;
        var rungs = Rungs(search, trainings.Count, first.Settings.Epochs);
        search.RefuseTheRest();
        Check(search, metric, [.. trainings.Select(one => one.Model)]);
        // Evaluations ask whether its ratios are known up to a factor.
        var settings = trainings.Select(one => one.Model.Settings).FirstOrDefault(one => one.HasFreeFactor) ?? first.Settings;
        return new ModelSection(name, settings, first.Samples, first.Valid, null, null)
        {
            Resources = first.Resources,
            Search = new SearchSection(metric, trainings, rungs),
        };

        void Refuse(SweepValue value)
        {
            if (value.Path.Split('.')[0] is var field && Common.Contains(field))
                search.Error(value.Key, $"'{field}' is the same for all candidates of a search: write it in the section itself");
        }
    }

    private static IReadOnlyList<SearchRung> Rungs(Section search, int candidates, int epochs)
    {
        var halving = search.Nested("halving");
        if (halving is null)
        {
            search.Error("halving", "'halving' is missing: write the epochs of the first rung, such as halving: { first: 4, factor: 3 }");
            return [new SearchRung(epochs, candidates, 1)];
        }

        var (first, factor) = (halving.Value("first", 0), halving.Value("factor", DefaultFactor));
        halving.RefuseTheRest();
        if (candidates < 2)
            search.Error(Over, "a search over one candidate compares nothing: give a field of it at least two values");
        if (factor < 2) halving.Error("factor", $"factor {factor} would prune nothing: write 2 or more");
        if (first < 1) halving.Error("first", $"first {first} trains nothing: write the epochs of the first rung, 1 or more");
        if (first >= epochs && first > 0)
            halving.Error("first", $"first {first} leaves no rung below the {epochs} epochs of the section: write less, or raise 'epochs'");
        return candidates < 2 || factor < 2 || first < 1 || first >= epochs
            ? [new SearchRung(epochs, candidates, 1)]
            : Halving.Rungs(candidates, first, factor, epochs);
    }

    private static void Check(Section search, string metric, IReadOnlyList<ModelSection> models)
    {
        if (SearchMetrics.NeedsValidation(metric) && models[0].Valid is null)
            search.Error("metric", $"metric '{metric}' is measured on a validation dataset: add 'valid', or write metric: train.loss");
        var losses = models.Select(model => model.Settings)
            .Select(settings => (settings.Criterion, settings.Contrasts, settings.Gamma, settings.Balance));
        if (losses.Distinct().Count() > 1 && metric != SearchMetrics.Comparable)
            search.Error("metric", $"metric '{metric}' is the loss itself, and the candidates have several: write metric: " +
                SearchMetrics.Comparable);
        if (metric == SearchMetrics.Comparable
            && models.FirstOrDefault(model => !model.Settings.Flow
                && model.Settings.Criterion is Criterion.Focal or Criterion.Peripheral or Criterion.QuadraticScore) is { } other)
            search.Error("metric",
                $"metric '{metric}' is not measured where the criterion is '{Engine.EnumName.Of(other.Settings.Criterion)}': " +
                "write another criterion, or metric: valid.loss");
    }
}
