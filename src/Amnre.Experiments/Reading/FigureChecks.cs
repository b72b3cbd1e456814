using Amnre.Engine;
using Amnre.Engine.Figures;
using Amnre.Engine.Masks;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;
using Amnre.Experiments.Fields;
using Amnre.Experiments.Plans;

namespace Amnre.Experiments.Reading;

/// <summary>Finds where a figure's numbers come from, and refuses what could not be drawn.</summary>
internal static class FigureChecks
{
    /// <summary>Each model with the first of the figure's evaluations that has it.</summary>
    public static FigureSeries Series(Section body, FigureType type, FigureEntry entry, IReadOnlyList<EvaluationSection> evaluations)
    {
        var sources = new List<FigureSource>();
        foreach (var model in entry.Models)
        {
            var source = evaluations.FirstOrDefault(one => one.Models.Contains(model));
            if (source is null && FigureNeeds.Of(type).Evaluation && evaluations.Count > 0)
                body.Error("models", $"model '{model}' is not among the models of evaluation " +
                    $"'{string.Join("', '", evaluations.Select(one => one.Name))}': add it there");
            else
                sources.Add(new FigureSource(model, source?.Name));
        }

        return new FigureSeries(sources, entry.Histograms);
    }

    /// <summary>The first evaluation of the figure that keeps the truth.</summary>
    public static FigureSource? Truth(Section body, PlotSettings settings, IReadOnlyList<EvaluationSection> evaluations)
    {
        if (settings.Type != FigureType.Corner)
        {
            body.Error("truth", $"truth is drawn in corner figures only, not in '{EnumName.Of(settings.Type)}'");
            return null;
        }

        var row = settings.Row ?? (evaluations.Count > 0 ? evaluations[0].Settings.First : 0);
        var source = evaluations.FirstOrDefault(one => one.Settings is { Accuracy: true, Clean: false } && one.Settings.First <= row
            && row < one.Settings.Last && one.Models.Count > 0);
        if (source is null && evaluations.Count > 0)
            body.Error("truth", $"evaluation '{string.Join("', '", evaluations.Select(one => one.Name))}' keeps no truth of row {row}: " +
                "give it accuracy: true, and no clean: true");
        return source is null ? null : new FigureSource(source.Models[0], source.Name);
    }

    public static void Check(
        Section body, FigureSection figure, IReadOnlyList<EvaluationSection> evaluations, IReadOnlyList<DatasetSection> datasets,
        ISimulator? simulator)
    {
        int? first = null;
        foreach (var series in figure.Series)
        {
            foreach (var name in series.Sources.Select(source => source.Evaluation).OfType<string>().Distinct())
            {
                var source = evaluations.First(one => one.Name == name);
                CheckSource(body, figure.Settings, source, first ??= source.Settings.First);
                CheckHistograms(body, series, source, simulator);
                if (figure.Settings.Row >= datasets.FirstOrDefault(one => one.Name == source.Data)?.Settings.Rows)
                    body.Error("row", $"row {figure.Settings.Row} is beyond the rows of dataset '{source.Data}'");
            }
        }

        var conditions = figure.Series.SelectMany(one => one.Sources).Append(figure.Truth).OfType<FigureSource>()
            .Select(one => one.Evaluation).OfType<string>().Distinct()
            .GroupBy(name => EvaluateSettings.Fields["given"].Text(evaluations.First(one => one.Name == name).Settings)).ToList();
        if (conditions.Count > 1)
            body.Error("evaluation", $"evaluations '{string.Join("', '", conditions.Select(one => one.First()))}' are conditioned on " +
                "different values (given): draw a figure for each");
        if (simulator is not null) body.Errors(PlotSettingsErrors.Of(figure.Settings, simulator));
    }

    /// <param name="first">The row of the figure where none is written: the first that its first evaluation has.</param>
    private static void CheckSource(Section body, PlotSettings figure, EvaluationSection source, int first)
    {
        var needs = FigureNeeds.Of(figure.Type);
        if (needs.Lack(source.Settings) is { } lack) body.Error("evaluation", $"evaluation '{source.Name}' {lack}");
        if (!needs.Rows && !needs.Observation) return;
        if (source.Settings.First == source.Settings.Last)
        {
            body.Error("evaluation", $"evaluation '{source.Name}' has no observation rows: give it indices");
            return;
        }

        var row = figure.Row ?? (needs.Histograms ? first : source.Settings.First);
        if (needs.Observation && (row < source.Settings.First || row >= source.Settings.Last))
            body.Error("row", $"row {row} is not evaluated by '{source.Name}', which has rows {source.Settings.First} to " +
                $"{source.Settings.Last - 1}: write one of these as row, or evaluate more (indices)");
    }

    private static void CheckHistograms(Section body, FigureSeries series, EvaluationSection source, ISimulator? simulator)
    {
        if (simulator is null || series.Histograms.Count == 0) return;
        ParameterMask? filter = source.Settings.Filter is { } text && ParameterMask.TryParse(text, out var parsed)
            && parsed.Size == simulator.ThetaSize ? parsed : null;
        var evaluated = MaskList.Expand(source.Settings.Masks, simulator.ThetaSize, filter, out _);
        foreach (var mask in series.Histograms.Where(mask => !ParameterMask.TryParse(mask, out var one) || !evaluated.Contains(one)))
            body.Error("items", $"histogram '{mask}' is not among the masks of evaluation '{source.Name}' " +
                $"({string.Join(", ", source.Settings.Masks)}): add it there");
    }
}
