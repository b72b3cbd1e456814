using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;
using Amnre.Engine.Training;
using Amnre.Experiments.Fields;
using Amnre.Experiments.Plans;
using Amnre.Jobs.Specs;

namespace Amnre.Experiments.Reading;

internal static class ModelReader
{
    public static IReadOnlyList<ModelSection> Read(
        Section top, ISimulator? simulator, IReadOnlyList<DatasetSection> datasets, ErrorList errors)
    {
        var (reader, moments) = (new Members(top, "models", errors), new MomentChecks(datasets));
        var shapes = new Dictionary<string, Shape>();
        var models = new List<ModelSection>();
        var bodies = new List<Section>();
        var known = datasets.ToDictionary(dataset => dataset.Name, StringComparer.Ordinal).Keys;
        foreach (var (name, body) in reader.Sections(apart: EnsembleReader.Key))
        {
            if (body.Find(EnsembleReader.Key) is not null)
            {
                // Their names are checked with those of trainings.
                var (ensembles, _) = reader.Expand(name, body, replicated: false);
                List<ModelSection> read = [.. ensembles.Select(member => EnsembleReader.Read(member, models, moments))];
                Members.CheckDuplicates(body, read.Select(model => (model.Name, Key(model))));
                models.AddRange(read);
                bodies.AddRange(read.Select(_ => body));
                continue;
            }

            if (body.Find(SearchReader.Key) is not null)
            {
                var search = SearchReader.Read(name, body, reader, member => Model(member, simulator, known, new ModelPairs([])));
                Members.CheckDuplicates(
                    body, search.Search?.Candidates.Select(one => (one.Label, Key(one.Model))) ?? []);
                models.Add(search);
                bodies.Add(body);
                continue;
            }

            // Only models above may be named, so that no training waits for itself.
            var partner = Partner(body, "adversary", shapes) ?? Partner(body, "weights", shapes);
            var (members, shape) = reader.Expand(name, body, replicated: true, partner);
            var above = new ModelPairs([.. models.Where(model => model.Combine is null)]);
            var made = members.Select(member => Model(member, simulator, known, above)).ToList();
            Members.CheckDuplicates(body, made.Select(model => (model.Name, Key(model))));
            shapes[name] = shape;
            models.AddRange(made);
            bodies.AddRange(made.Select(_ => body));
        }

        var byName = models.DistinctBy(model => model.Name).ToDictionary(model => model.Name, StringComparer.Ordinal);
        foreach (var (model, body) in models.Zip(bodies))
        {
            if (model.Valid is { } valid && moments.Error(valid, model.Samples, $"the training data of model '{model.Name}'") is { } apart)
                body.Error("valid", apart);
            if (model.Adversary is { } adversary && byName.TryGetValue(adversary, out var frozen)
                && moments.Error(model.Samples, frozen.Samples, $"the training data of adversary '{adversary}'") is { } other)
                body.Error("adversary", other);
            if (model.Weights is { } start && byName.TryGetValue(start, out var begun)
                && moments.Error(model.Samples, begun.Samples, $"the training data of the starting weights '{start}'") is { } unlike)
                body.Error("weights", unlike);
        }

        var names = models.Select(model => model.Name).ToHashSet(StringComparer.Ordinal);
        // Its one job is called like the point.
        foreach (var (model, body) in models.Zip(bodies))
            if (model is { Together: true, Origin: { Replicate: 1, Point: var point } } && names.Contains(point))
                body.Error("together", $"the training of '{point}' would be called like another model: rename one of the two");
        return models;
    }

    /// <summary>The shape of the section, or of the point, that <paramref name="key"/> names.</summary>
    private static Shape? Partner(Section body, string key, Dictionary<string, Shape> shapes)
    {
        if (body.Text(key) is not { } name) return null;
        if (shapes.TryGetValue(name, out var shape)) return shape;
        var owner = shapes.FirstOrDefault(other => other.Value.Points.Any(point => $"{other.Key}-{point.Label}" == name));
        return owner.Value is { Replicates: { } replicates } ? new Shape([SweepPoint.None], replicates) : null;
    }

    private static string Key(ModelSection model) => CanonicalJson.Write(model with { Name = "", Origin = null, Resources = new() });

    private static ModelSection Model(Member member, ISimulator? simulator, IReadOnlyCollection<string> known, ModelPairs above)
    {
        var body = member.Body;
        var samples = body.Reference("samples", "dataset", known, required: true) ?? "";
        var valid = body.Reference("valid", "dataset", known, required: false);
        var weights = above.Read(member, "weights");
        var adversary = above.Read(member, "adversary");
        var settings = body.Settings(TrainSettings.Fields, new() { Simulator = simulator?.Name ?? "" });
        if (member.Origin.Replicate is { } replicate) settings = settings with { Seed = settings.Seed + (ulong)(replicate - 1) };
        body.Accept(EnsembleReader.Key);
        body.RefuseAny("combine", "'combine' is how the members of an ensemble are one model: name them with 'ensemble', or leave it out");
        var together = body.Value("together", false);
        if (together && member.Origin.Replicate is null)
            body.Error("together", "there are no replicates to train together: add 'replicates', or leave 'together' out");
        var resources = ResourceReader.Read(body, isResumable: true);
        body.RefuseTheRest();
        if (simulator is not null) body.Errors(TrainSettingsErrors.Of(settings, simulator, adversary is not null));
        return new ModelSection(member.Name, settings, samples, valid, weights, adversary)
        {
            Resources = resources,
            Origin = member.Group,
            Together = together,
        };
    }
}
