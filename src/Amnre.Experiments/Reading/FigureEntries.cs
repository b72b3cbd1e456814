using Amnre.Engine;
using Amnre.Engine.Settings;
using Amnre.Experiments.Fields;
using Amnre.Experiments.Plans;

namespace Amnre.Experiments.Reading;

/// <summary>A legend entry as the file states it.</summary>
/// <param name="Name">The point or member that it draws; what 'each' calls its figure.</param>
/// <param name="Models">Trainings drawn together.</param>
internal sealed record FigureEntry(string Name, IReadOnlyList<string> Models)
{
    public required string Legend { get; init; }

    /// <summary>Corner: masks of the histograms to take; empty for all.</summary>
    public IReadOnlyList<string> Histograms { get; init; } = [];

    /// <summary>Corner: whether marginals are also summed from histograms of more parameters.</summary>
    public bool Marginalize { get; init; } = true;

    /// <summary>Corner: deviation in bins of a Gaussian to smooth with.</summary>
    public double Smooth { get; init; }
}

/// <summary>Reads what a figure draws: <c>models</c>, or for more say over each entry <c>items</c>.</summary>
internal static class FigureEntries
{
    public static IReadOnlyList<FigureEntry> Read(Section body, FigureType type, ModelGroups models,
        IReadOnlyList<EvaluationSection> evaluations)
    {
        var series = models.Read(body, "models");
        var legend = body.Texts("legend");
        var smooth = body.Value<IReadOnlyList<double>?>("smooth", null);
        if (body.List("items") is { } items)
        {
            foreach (var other in (string[])["models", "legend", "smooth"])
                body.RefuseAny(other, $"with 'items', '{other}' is a field of each item");
            if (type != FigureType.Corner)
                body.Error("items", $"items are for corner figures: name 'models' for a figure of type '{EnumName.Of(type)}'");
            return [.. items.Select(item => Item(item, models))];
        }

        // Unless named: what can be drawn.
        if (series is null)
        {
            series = [.. models.All.Where(point => FigureNeeds.Of(type).Evaluation
                ? point.Members.All(member => evaluations.Any(one => one.Models.Contains(member)))
                : point.Members.All(member => models.Member(member) is { Combine: null }))];
            if (series.Count == 0 && (!FigureNeeds.Of(type).Evaluation || evaluations.Count > 0))
                body.Error("models", "there is nothing to draw: name at least one model that is evaluated");
        }

        if (!FigureNeeds.Of(type).Evaluation
            && series.SelectMany(one => one.Members).Select(models.Member).FirstOrDefault(one => one?.Combine is not null) is { } ensemble)
            body.Error("models", $"model '{ensemble.Name}' is an ensemble, which has no training of its own: name its members " +
                $"({Section.Listed(ensemble.Ensemble)})");
        if (legend is not null && legend.Count != series.Count)
            body.Error("legend", $"legend has {legend.Count} entries for {series.Count} models " +
                $"({string.Join(", ", series.Select(one => one.Name))}): write one for each");
        if (smooth is not null && smooth.Count != series.Count)
            body.Error("smooth", $"smooth has {smooth.Count} numbers for {series.Count} models: write one for each, 0 for none");
        return [.. series.Select((one, i) => new FigureEntry(one.Name, one.Members)
        {
            Legend = legend?.ElementAtOrDefault(i) ?? one.Name,
            Smooth = smooth?.ElementAtOrDefault(i) ?? 0,
        })];
    }

    /// <summary><paramref name="settings"/> with what the entries say, the truth as the first.</summary>
    public static PlotSettings Describe(PlotSettings settings, IReadOnlyList<FigureEntry> entries, bool truth)
    {
        IEnumerable<T> WithTruth<T>(T first, Func<FigureEntry, T> rest) => truth ? [first, .. entries.Select(rest)] : entries.Select(rest);
        return settings with
        {
            Legend = [.. WithTruth("truth", entry => entry.Legend)],
            Smooth = entries.Any(entry => entry.Smooth != 0) ? [.. WithTruth(0.0, entry => entry.Smooth)] : [],
            Marginalize = entries.Any(entry => !entry.Marginalize) ? [.. WithTruth(true, entry => entry.Marginalize)] : [],
        };
    }

    private static FigureEntry Item(Section item, ModelGroups models)
    {
        var series = models.Read(item, "models");
        if (series is null) item.Error("models", $"'models' is missing: name what the item draws ({Section.Listed(models.Sections)})");
        var entry = new FigureEntry(series is [var one, ..] ? one.Name : "", [.. (series ?? []).SelectMany(one => one.Members).Distinct()])
        {
            Legend = item.Text("legend") ?? (series is [{ Name: var name }, ..] ? name : ""),
            Histograms = item.Texts("histograms") ?? [],
            Marginalize = item.Value("marginalize", true),
            Smooth = item.Value("smooth", 0.0),
        };
        item.RefuseTheRest();
        return entry;
    }
}
