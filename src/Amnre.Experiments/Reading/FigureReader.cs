using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;
using Amnre.Experiments.Fields;
using Amnre.Experiments.Plans;

namespace Amnre.Experiments.Reading;

internal static class FigureReader
{
    public static IReadOnlyList<FigureSection> Read(
        Section top, ISimulator? simulator, IReadOnlyList<DatasetSection> datasets, ModelGroups models,
        IReadOnlyList<EvaluationSection> evaluations, ErrorList errors)
    {
        var figures = new List<FigureSection>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, body) in new Members(top, "figures", errors).Sections())
        {
            var settings = body.Settings(PlotSettings.Fields, new() { Simulator = simulator?.Name ?? "", Type = default });
            var type = settings.Type;
            if (body.Text("type") is null) body.Error("type", "'type' is missing: write 'type: …'");
            var named = Evaluations(body, type, evaluations);
            if (type == FigureType.Corner) settings = settings with { Given = named.Count > 0 ? named[0].Settings.Given : null };
            var entries = FigureEntries.Read(body, type, models, named);
            var each = body.Value("each", false);
            var truth = body.Value("truth", false);
            var resources = ResourceReader.Read(body);
            body.RefuseTheRest();
            if (each && entries.Any(entry => !ExperimentReader.IsName($"{name}-{entry.Name}")))
                body.Error("each", $"'each' names figures after their models: {ExperimentReader.NameRule("figure", $"{name}-…")}");

            foreach (var part in each
                ? entries.Select(entry => (Name: $"{name}-{entry.Name}", Entries: (IReadOnlyList<FigureEntry>)[entry]))
                : [(Name: name, Entries: entries)])
            {
                var figure = new FigureSection(part.Name, FigureEntries.Describe(settings, part.Entries, truth),
                    [.. part.Entries.Select(entry => FigureChecks.Series(body, type, entry, named))])
                {
                    Evaluations = [.. named.Select(one => one.Name)],
                    Truth = truth ? FigureChecks.Truth(body, settings, named) : null,
                    Resources = resources,
                    Section = name,
                };
                FigureChecks.Check(body, figure, evaluations, datasets, simulator);
                if (!names.Add(figure.Name)) body.Error("", $"two figures would be called '{figure.Name}': rename a section");
                figures.Add(figure);
            }
        }

        return figures;
    }

    private static IReadOnlyList<EvaluationSection> Evaluations(Section body, FigureType type, IReadOnlyList<EvaluationSection> evaluations)
    {
        var known = evaluations.Select(one => one.Name).ToList();
        var names = body.Texts("evaluation") ?? [];
        if (!FigureNeeds.Of(type).Evaluation) return [];
        if (names.Count == 0)
            body.Error("evaluation", $"'evaluation' is missing: name where the numbers come from ({Section.Listed(known)})");
        foreach (var name in names.Except(known))
            body.Error("evaluation", $"evaluation '{name}' is no evaluation of this file ({Section.Listed(known)})");
        return [.. names.Distinct().Select(name => evaluations.FirstOrDefault(one => one.Name == name)).OfType<EvaluationSection>()];
    }
}
