using Amnre.Engine.Evaluation;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;
using Amnre.Experiments.Checks;
using Amnre.Experiments.Fields;
using Amnre.Experiments.Plans;
using Amnre.Jobs.Specs;

namespace Amnre.Experiments.Reading;

internal static class EvaluationReader
{
    public static IReadOnlyList<EvaluationSection> Read(
        Section top, ISimulator? simulator, IReadOnlyList<DatasetSection> datasets, ModelGroups models, string folder,
        ErrorList errors)
    {
        var reader = new Members(top, "evaluations", errors);
        var evaluations = new List<EvaluationSection>();
        var known = datasets.ToDictionary(dataset => dataset.Name, StringComparer.Ordinal);
        var (moments, references) = (new MomentChecks(datasets), new ReferenceReader(folder));
        foreach (var (name, body) in reader.Sections())
        {
            var members = reader.Expand(name, body,
                replicated: false).Members.Select(member => Evaluation(member, simulator, known, models, moments, references)).ToList();
            Members.CheckDuplicates(body,
                members.Select(member => (member.Name, CanonicalJson.Write(member with { Name = "", Origin = null, Resources = new() }))));
            evaluations.AddRange(members);
            members.ForEach(references.Add);
        }

        return evaluations;
    }

    private static EvaluationSection Evaluation(
        Member member, ISimulator? simulator, Dictionary<string, DatasetSection> datasets, ModelGroups models, MomentChecks moments,
        ReferenceReader references)
    {
        var body = member.Body;
        var which = (models.Read(body, "models") ?? models.All).SelectMany(series => series.Members).Distinct().ToList();
        var data = body.Reference("data", "dataset or observation", datasets.Keys, required: true) ?? "";
        var settings = body.Settings(EvaluateSettings.Fields, new() { Simulator = simulator?.Name ?? "" });
        var verdict = body.Settings(EvaluationVerdict.Fields, new());
        var resources = ResourceReader.Read(body);
        body.RefuseTheRest();
        var errors = simulator is null ? [] : EvaluateSettingsErrors.Of(settings, simulator);
        body.Errors(errors);
        IReadOnlyList<ModelSection> members = [.. which.Select(models.Member).OfType<ModelSection>()];
        if (simulator is not null && errors.Count == 0)
            EvaluationChecks.Check(body, settings, simulator, datasets.GetValueOrDefault(data), members);
        ObservationChecks.Check(body, settings, datasets.GetValueOrDefault(data));
        var rows = datasets.GetValueOrDefault(data)?.Settings.Rows;
        if (rows < settings.Last)
            body.Error("indices",
                $"indices end at row {settings.Last}, but dataset '{data}' has {rows} rows: end at {rows} or draw more rows");
        foreach (var (field, observed) in (IEnumerable<(string, string?)>)[("data", data), ("verdict_data", verdict.Data)])
        {
            if (observed is not null
                && members.FirstOrDefault(model => moments.AreApart(observed, model.Samples)) is { } apart)
                body.Error(field, moments.Error(observed, apart.Samples, $"the training data of model '{apart.Name}'")!);
        }

        var evaluation = new EvaluationSection(member.Name, settings, which, data)
        {
            Verdict = verdict,
            VerdictCompares = simulator is not null && VerdictChecks.Compares(settings, verdict, simulator),
            Resources = resources,
            Origin = member.Group,
        };
        if (simulator is not null && errors.Count == 0)
            VerdictChecks.Check(body, evaluation, simulator, datasets, members);
        return errors.Count == 0 ? references.Find(body, evaluation, simulator) : evaluation;
    }
}
