using Amnre.Engine.Figures;
using Amnre.Engine.Simulators;

namespace Amnre.Scheduler.Experiments;

internal static class FigureReader
{
    public static IReadOnlyList<FigureSection> Read(
        Section top, ISimulator? simulator, IReadOnlyList<DatasetSection> datasets, IReadOnlyList<ModelSection> models,
        IReadOnlyList<EvaluationSection> evaluations)
    {
        var figures = new List<FigureSection>();
        foreach (var (name, body) in top.Sections("figures"))
        {
            if (!ExperimentReader.IsName(name)) body.Fault("", ExperimentReader.NameRule("figure", name));
            var type = body.RequiredText("type");
            var which = body.References("models", "model", [.. models.Select(model => model.Name)]);
            var evaluation = body.Reference("evaluation", "evaluation", [.. evaluations.Select(one => one.Name)], required: type != "loss");
            var truth = body.Flag("truth", false);
            var legend = body.Texts("legend") ?? which;
            var usual = new PlotSettings { Type = type, Simulator = simulator?.Name ?? "" };
            var settings = usual with
            {
                Legend = truth ? ["truth", .. legend] : legend,
                Masks = body.Texts("masks") ?? usual.Masks,
                Smooth = body.Reals("smooth") is { } smooth ? truth ? [0, .. smooth] : smooth : usual.Smooth,
                Row = body.Text("row") is null ? null : body.SmallInteger("row", 0),
            };
            body.RefuseTheRest();

            if (legend.Count != which.Count)
                body.Fault("legend", $"legend has {legend.Count} entries for {which.Count} models: write one for each");
            var source = evaluations.FirstOrDefault(one => one.Name == evaluation);
            CheckSource(body, settings, which, source, truth);
            if (source is not null && settings.Row >= datasets.FirstOrDefault(one => one.Name == source.Data)?.Rows)
                body.Fault("row", $"row {settings.Row} is beyond the rows of dataset '{source.Data}'");
            if (simulator is not null) body.Faults(PlotSettingsFaults.Of(settings, simulator));
            figures.Add(new FigureSection(name, settings, which, evaluation, truth));
        }

        return figures;
    }

    private static void CheckSource(
        Section body, PlotSettings figure, IReadOnlyList<string> models, EvaluationSection? source, bool truth)
    {
        if (truth && figure.Type != "corner") body.Fault("truth", $"truth is drawn in corner figures only, not in '{figure.Type}'");
        if (source is null) return;
        foreach (var model in models.Except(source.Models))
            body.Fault("models", $"model '{model}' is not among the models of evaluation '{source.Name}': add it there");
        if (figure.Type == "calibration" && !source.Settings.Calibration)
            body.Fault("evaluation", $"evaluation '{source.Name}' has no percentiles: give it calibration: true");
        if (figure.Type == "consistency" && !source.Settings.Consistency)
            body.Fault("evaluation", $"evaluation '{source.Name}' has no matrices: give it consistency: true");
        if (figure.Type == "roc" && !source.Settings.Classify)
            body.Fault("evaluation", $"evaluation '{source.Name}' classifies no pairs: give it classify: true");
        if (figure.Type is "error" or "calibration" or "consistency" && source.Settings.First == source.Settings.Last)
            body.Fault("evaluation", $"evaluation '{source.Name}' has no observation rows: give it indices");
        if (figure.Type != "corner") return;
        var row = figure.Row ?? 0;
        if (source.Settings.Clean) body.Fault("evaluation", $"evaluation '{source.Name}' keeps no histograms: remove its clean: true");
        if (row < source.Settings.First || row >= source.Settings.Last)
            body.Fault("row", $"row {row} is not evaluated by '{source.Name}', which has rows {source.Settings.First} to {source.Settings.Last - 1}");
        if (truth && !source.Settings.Accuracy)
            body.Fault("truth", $"evaluation '{source.Name}' computes no truth: give it accuracy: true");
    }
}
