using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;
using Amnre.Experiments.Fields;
using Amnre.Experiments.Plans;

namespace Amnre.Experiments.Reading;

internal static class FigureReader
{
    public static IReadOnlyList<FigureSection> Read(
        Section top, ISimulator? simulator, IReadOnlyList<DatasetSection> datasets, ModelGroups models,
        IReadOnlyList<EvaluationSection> evaluations, FaultList faults)
    {
        var figures = new List<FigureSection>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, body) in new Members(top, "figures", faults).Sections())
        {
            var type = body.RequiredText("type");
            var named = Evaluations(body, type, evaluations);
            var entries = FigureEntries.Read(body, type, models, named);
            var each = body.Flag("each", false);
            var settings = Settings(body, type, simulator?.Name ?? "");
            var truth = body.Flag("truth", false);
            var resources = ResourceReader.Read(body);
            body.RefuseTheRest();
            if (each && entries.Any(entry => !ExperimentReader.IsName($"{name}-{entry.Name}")))
                body.Fault("each", $"'each' names figures after their models: {ExperimentReader.NameRule("figure", $"{name}-…")}");

            foreach (var part in each
                ? entries.Select(entry => (Name: $"{name}-{entry.Name}", Entries: (IReadOnlyList<FigureEntry>)[entry]))
                : [(Name: name, Entries: entries)])
            {
                var figure = new FigureSection(part.Name, FigureEntries.Describe(settings, part.Entries, truth),
                    [.. part.Entries.Select(entry => FigureChecks.Series(body, type, entry, named))])
                {
                    Truth = truth ? FigureChecks.Truth(body, settings, named) : null,
                    Resources = resources,
                    Section = name,
                };
                FigureChecks.Check(body, figure, evaluations, datasets, simulator);
                if (!names.Add(figure.Name)) body.Fault("", $"two figures would be called '{figure.Name}': rename a section");
                figures.Add(figure);
            }
        }

        return figures;
    }

    private static IReadOnlyList<EvaluationSection> Evaluations(Section body, string type, IReadOnlyList<EvaluationSection> evaluations)
    {
        var known = evaluations.Select(one => one.Name).ToList();
        var names = body.Texts("evaluation") ?? [];
        if (type == "loss") return [];
        if (names.Count == 0)
            body.Fault("evaluation", $"'evaluation' is missing: name where the numbers come from ({Section.Listed(known)})");
        foreach (var name in names.Except(known))
            body.Fault("evaluation", $"evaluation '{name}' is no evaluation of this file ({Section.Listed(known)})");
        return [.. names.Distinct().Select(name => evaluations.FirstOrDefault(one => one.Name == name)).OfType<EvaluationSection>()];
    }

    private static PlotSettings Settings(Section body, string type, string simulator)
    {
        var usual = new PlotSettings { Type = type, Simulator = simulator };
        return usual with
        {
            Masks = body.Texts("masks") ?? usual.Masks,
            Row = body.Text("row") is null ? null : body.SmallInteger("row", 0),
            Quantiles = body.Reals("quantiles") ?? usual.Quantiles,
            Size = body.Text("size") is null ? null : body.Real("size", 0),
            HideLegend = body.Flag("hide_legend", usual.HideLegend),
        };
    }
}
